"""Met or missed, ranks, risk ratios, and the placement with its proof."""
