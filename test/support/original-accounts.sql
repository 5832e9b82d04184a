-- Made by bluesky_httpserver 0.0.14 (database revision 722ff4e4fcc7), as `.dump` shows it: one user, two keys.
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO "alembic_version" VALUES('722ff4e4fcc7');
CREATE TABLE principals (
	id INTEGER NOT NULL, uuid VARCHAR(36) NOT NULL, type VARCHAR(7) NOT NULL,
	time_created DATETIME DEFAULT CURRENT_TIMESTAMP, time_updated DATETIME, PRIMARY KEY (id)
);
INSERT INTO "principals" VALUES(1,'2ebe1e99-fafa-4342-8fcb-5ab1fbb62b9d','user','2026-11-25 15:34:11',NULL);
CREATE TABLE identities (
	id VARCHAR(255) NOT NULL, provider VARCHAR(255) NOT NULL, principal_id INTEGER NOT NULL, latest_login DATETIME,
	time_created DATETIME DEFAULT CURRENT_TIMESTAMP, time_updated DATETIME, PRIMARY KEY (id, provider),
	FOREIGN KEY(principal_id) REFERENCES principals (id)
);
INSERT INTO "identities" VALUES('bob','toy',1,'2026-01-31 12:00:00.000000','2026-11-25 15:34:11','2026-11-25 15:34:11');
CREATE TABLE api_keys (
	first_eight VARCHAR(8) NOT NULL, hashed_secret BLOB NOT NULL, expiration_time DATETIME, latest_activity DATETIME,
	note VARCHAR(1023), principal_id INTEGER NOT NULL, scopes VARCHAR(511) NOT NULL,
	time_created DATETIME DEFAULT CURRENT_TIMESTAMP, time_updated DATETIME, PRIMARY KEY (first_eight, hashed_secret),
	FOREIGN KEY(principal_id) REFERENCES principals (id)
);
INSERT INTO "api_keys" VALUES('00010203',X'5D7E2D9B1DCBC85E7C890036A2CF2F9FE7B66554F2DF08CEC6AA9C0A25C99C21',NULL,NULL,'n',1,'["inherit"]','2026-11-25 15:34:11',NULL);
INSERT INTO "api_keys" VALUES('01020304',X'8B41C7E76C8DC13AB3022AABA22986BECCF11DBC6C2164085BF42FC32B1D929C','2099-01-01 00:00:00.000000',NULL,NULL,1,'["read:status"]','2026-11-25 15:34:11',NULL);
