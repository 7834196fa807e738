BEGIN TRANSACTION;
CREATE TABLE accounts (
	id VARCHAR(32) NOT NULL, 
	workspace VARCHAR(32) NOT NULL, 
	created DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(128) NOT NULL, 
	shown TEXT NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	leas TEXT NOT NULL, 
	password TEXT NOT NULL, 
	disabled BOOLEAN NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (id), 
	CONSTRAINT fk_accounts_workspace FOREIGN KEY(workspace) REFERENCES workspaces (id), 
	CONSTRAINT uq_accounts_name UNIQUE (name)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE attempts (
	about VARCHAR(64) NOT NULL, 
	failed INTEGER NOT NULL, 
	last DATETIME NOT NULL, 
	CONSTRAINT pk_attempts PRIMARY KEY (about)
);
CREATE TABLE contents (
	id VARCHAR(32) NOT NULL, 
	workspace VARCHAR(32) NOT NULL, 
	created DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	bytes BLOB NOT NULL, 
	CONSTRAINT pk_contents PRIMARY KEY (id), 
	CONSTRAINT fk_contents_workspace FOREIGN KEY(workspace) REFERENCES workspaces (id), 
	CONSTRAINT uq_contents_workspace_digest UNIQUE (workspace, digest)
);
INSERT INTO "contents" VALUES('file000000000001','work000000000001','2026-11-01 08:30:00.000000','2026-11-02 08:30:00.000000',1,'39dacf1ec42221b0868082226232376cd1d880c47477ce010733649f0db528b6',51,'oak.csv',X'6C65615F636F64652C6C65615F6E616D652C796561722C35610A393930303030312C5065C3B1612C323032332D32342C36300A');
CREATE TABLE dataset_versions (
	id VARCHAR(32) NOT NULL, 
	workspace VARCHAR(32) NOT NULL, 
	created DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	dataset VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	bundle TEXT NOT NULL, 
	CONSTRAINT pk_dataset_versions PRIMARY KEY (id), 
	CONSTRAINT fk_dataset_versions_workspace FOREIGN KEY(workspace) REFERENCES workspaces (id), 
	CONSTRAINT fk_dataset_versions_dataset FOREIGN KEY(dataset) REFERENCES datasets (id) ON DELETE CASCADE, 
	CONSTRAINT uq_dataset_versions_dataset_number UNIQUE (dataset, number)
);
INSERT INTO "dataset_versions" VALUES('vers000000000001','work000000000001','2026-11-01 08:30:00.000000','2026-11-02 08:30:00.000000',1,'data000000000001',1,'1f5c9439b68b41f966ffc6151142f615359aa5997eb9760acf815ef2ff35b52c','{"accepted": [], "assume": "", "mine": "", "parts": [{"answers": {"rates": "percent"}, "digest": "39dacf1ec42221b0868082226232376cd1d880c47477ce010733649f0db528b6", "file": "oak.csv", "mapping": ""}], "previous": "", "version": 1}');
CREATE TABLE datasets (
	id VARCHAR(32) NOT NULL, 
	workspace VARCHAR(32) NOT NULL, 
	created DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	deleted DATETIME, note TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_datasets PRIMARY KEY (id), 
	CONSTRAINT fk_datasets_workspace FOREIGN KEY(workspace) REFERENCES workspaces (id)
);
INSERT INTO "datasets" VALUES('data000000000001','work000000000001','2026-11-01 08:30:00.000000','2026-11-02 08:30:00.000000',3,'Region',NULL,'to ask CDE');
CREATE TABLE log (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	who TEXT NOT NULL, 
	what VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	object VARCHAR(32) NOT NULL, 
	said TEXT NOT NULL, place TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_log_counted CHECK (number > 0)
);
INSERT INTO "log" VALUES(1,'work000000000001','2026-11-01 08:30:00.000000','maria','saved','dataset','vers000000000001','Region (1)','');
CREATE TABLE passes (
	digest VARCHAR(64) NOT NULL, 
	account VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	bound VARCHAR(64) NOT NULL, 
	ends DATETIME NOT NULL, 
	CONSTRAINT pk_passes PRIMARY KEY (digest), 
	CONSTRAINT fk_passes_account FOREIGN KEY(account) REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE TABLE "settings" (
	workspace VARCHAR(32) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	changed DATETIME NOT NULL, 
	created DATETIME NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY (workspace, name), 
	CONSTRAINT fk_settings_workspace FOREIGN KEY(workspace) REFERENCES workspaces (id)
);
INSERT INTO "settings" VALUES('work000000000001','last','region?data=x','2026-11-02 08:30:00.000000','2026-11-01 08:30:00.000000',4);
CREATE TABLE sign_ins (
	digest VARCHAR(64) NOT NULL, 
	account VARCHAR(32) NOT NULL, 
	begun DATETIME NOT NULL, 
	seen DATETIME NOT NULL, 
	place TEXT NOT NULL, 
	CONSTRAINT pk_sign_ins PRIMARY KEY (digest), 
	CONSTRAINT fk_sign_ins_account FOREIGN KEY(account) REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE TABLE texts (
	id VARCHAR(32) NOT NULL, 
	workspace VARCHAR(32) NOT NULL, 
	created DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	name TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	text TEXT NOT NULL, 
	deleted DATETIME, 
	CONSTRAINT pk_texts PRIMARY KEY (id), 
	CONSTRAINT fk_texts_workspace FOREIGN KEY(workspace) REFERENCES workspaces (id)
);
INSERT INTO "texts" VALUES('scen000000000001','work000000000001','2026-11-01 08:30:00.000000','2026-11-02 08:30:00.000000',2,'scenario','Lower','d4dbcedce89157a1ce47848cbc7dbdda2599b3071ed5e64a86facae2532b5180','schema = 1
',NULL);
INSERT INTO "texts" VALUES('rule000000000001','work000000000001','2026-11-01 08:30:00.000000','2026-11-02 08:30:00.000000',2,'rulebook','Ours','6b2c04b8fd38a094fa1c4a32f33d70881505f04de40a00438b7666280fcd9a2d','title = ''Ours''
',NULL);
INSERT INTO "texts" VALUES('gone000000000001','work000000000001','2026-11-01 08:30:00.000000','2026-11-02 08:30:00.000000',2,'note','Old','55b41d9b884d204f6a9b818ce3b387b71a17e56b9952c93b0d1a91fe270135d2','old','2026-11-03 08:30:00.000000');
CREATE TABLE version_files (
	version VARCHAR(32) NOT NULL, 
	content VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_version_files PRIMARY KEY (version, content), 
	CONSTRAINT fk_version_files_version FOREIGN KEY(version) REFERENCES dataset_versions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_version_files_content FOREIGN KEY(content) REFERENCES contents (id)
);
INSERT INTO "version_files" VALUES('vers000000000001','file000000000001');
CREATE TABLE workspaces (
	id VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	created DATETIME NOT NULL, 
	changed DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_workspaces PRIMARY KEY (id)
);
INSERT INTO "workspaces" VALUES('work000000000001','Peña SELPA','2026-11-01 08:30:00.000000','2026-11-02 08:30:00.000000',1);
CREATE INDEX ix_texts_workspace_kind_digest ON texts (workspace, kind, digest);
CREATE TRIGGER log_no_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE INDEX ix_log_workspace_number ON log (workspace, number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('log',1);
COMMIT;
