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
CREATE INDEX "promotion_dependent" ON "promotion" ("id") WHERE "state" = 'PENDING' AND "step"->'gates' @> '[{"kind": "dependency"}]';
CREATE INDEX "promotion_target_unrendered" ON "promotion_target" ("promotion_id") WHERE "bundle_digest" IS NULL;

-- What only the clock moves: the few open promotions and running checks that have a next moment.
CREATE INDEX "promotion_due" ON "promotion" ("due_at") WHERE "state" IN ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING');
CREATE INDEX "check_run_due" ON "check_run" ("next_at") WHERE "state" = 'RUNNING';

-- The figures of delivery read a slot's promotions by when they ended, and what took one of them back.
CREATE INDEX "promotion_finished" ON "promotion" ("application_id", "environment_id", "finished_at") WHERE "finished_at" IS NOT NULL;
CREATE INDEX "promotion_rollback_of" ON "promotion" ("rollback_of_id") WHERE "rollback_of_id" IS NOT NULL;

-- Fleet-wide questions about what is wrong begin at the few that are.
CREATE INDEX "instance_status_drifted" ON "instance_status" ("application_id", "environment_id", "cluster_id") WHERE "drift_count" > 0;
CREATE INDEX "instance_status_not_synced" ON "instance_status" ("application_id", "environment_id", "cluster_id") WHERE "sync" <> 'SYNCED';
CREATE INDEX "instance_status_not_healthy" ON "instance_status" ("application_id", "environment_id", "cluster_id") WHERE "health" <> 'HEALTHY';

CREATE INDEX "instance_status_release" ON "instance_status" ("application_id", "release_number", "instance_id");

-- What agents have not done yet is looked for at every poll; what they did is history.
CREATE INDEX "instruction_open" ON "instruction" ("cluster_id", "generation", "id") WHERE "acknowledged_at" IS NULL;

-- Instances for which some drift is accepted, and the items that are.
CREATE INDEX "instance_excepted" ON "instance" ("id") WHERE "exceptions" <> '[]'::jsonb;
CREATE INDEX "drift_item_excepted" ON "drift_item" ("exception_id") WHERE "exception_id" IS NOT NULL;
CREATE INDEX "drift_item_contested" ON "drift_item" ("id") WHERE "contested";
CREATE INDEX "drift_exception_open" ON "drift_exception" ("until") WHERE "ended_at" IS NULL;
ALTER TABLE "drift_item" SET (fillfactor = 85);

-- The history of drift, a partition for each month of its end: dropping the oldest month costs nothing. The months are
-- made ahead by a job; the default partition only catches what no month is there for.
CREATE TABLE "drift_episode" (
    "id" BIGINT NOT NULL DEFAULT nextval('drift_item_id_seq'),
    "instance_id" BIGINT NOT NULL,
    "cluster_id" BIGINT NOT NULL,
    "application_id" BIGINT NOT NULL,
    "environment_id" BIGINT NOT NULL,
    "episode" TEXT NOT NULL,
    "api_version" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "type" "DriftType" NOT NULL,
    "manager" TEXT NOT NULL,
    "manager_class" "ManagerClass" NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "healed_count" INTEGER NOT NULL,
    "contested" BOOLEAN NOT NULL,
    "exception_id" BIGINT,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_by" "EpisodeEnd" NOT NULL,
    PRIMARY KEY ("id", "closed_at")
) PARTITION BY RANGE ("closed_at");
CREATE TABLE "drift_episode_default" PARTITION OF "drift_episode" DEFAULT;
CREATE INDEX "drift_episode_page" ON "drift_episode" ("first_seen_at" DESC, "id" DESC);
CREATE INDEX "drift_episode_application" ON "drift_episode" ("application_id", "first_seen_at" DESC, "id" DESC);
CREATE INDEX "drift_episode_instance" ON "drift_episode" ("instance_id", "episode");
