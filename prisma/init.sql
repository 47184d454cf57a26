-- The part of the data model that Prisma cannot say. Appended to the first migration by scripts/migration.mjs.
-- Partial indexes are invisible to Prisma's comparison of schema and database, so they may stand beside its tables.

-- One living instance per slot and cluster; its tombstones may be many.
CREATE UNIQUE INDEX "instance_living_key" ON "instance" ("application_id", "environment_id", "cluster_id") WHERE "tombstone" IS NULL;

-- Instances whose application or environment was deleted in this very transaction: nearly always none, and looked for often.
CREATE INDEX "instance_detached" ON "instance" ("id") WHERE "tombstone" IS NULL AND ("application_id" IS NULL OR "environment_id" IS NULL);

-- The last defence against two promotions moving in one slot.
CREATE UNIQUE INDEX "promotion_moving_key" ON "promotion" ("application_id", "environment_id") WHERE "state" IN ('ROLLING', 'PAUSED', 'VERIFYING');

-- Tables that take an update per report: room in the page keeps their updates off the indexes.
ALTER TABLE "instance_status" SET (fillfactor = 85);
ALTER TABLE "cluster_rollup" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE "slot_rollup" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- The outbox is nearly always empty, and its dead rows must not slow the relay down.
ALTER TABLE "outbox" SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000);

-- The database's own identity: another epoch tells agents that this is not the database they knew.
INSERT INTO "hub" ("id", "epoch") VALUES (1, replace(gen_random_uuid()::text, '-', ''));

-- The sweep and every "what is open here?" read these few rows, not the history.
CREATE INDEX "promotion_open" ON "promotion" ("application_id", "environment_id") WHERE "state" IN ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING');
CREATE INDEX "instance_unassigned" ON "instance" ("application_id", "environment_id") WHERE "release_id" IS NULL AND "tombstone" IS NULL;

-- What only the clock moves: the few open promotions and running checks that have a next moment.
CREATE INDEX "promotion_due" ON "promotion" ("due_at") WHERE "state" IN ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING');
CREATE INDEX "check_run_due" ON "check_run" ("next_at") WHERE "state" = 'RUNNING';

-- The figures of delivery read a slot's promotions by when they ended, and what took one of them back.
CREATE INDEX "promotion_finished" ON "promotion" ("application_id", "environment_id", "finished_at") WHERE "finished_at" IS NOT NULL;
CREATE INDEX "promotion_rollback_of" ON "promotion" ("rollback_of_id") WHERE "rollback_of_id" IS NOT NULL;
