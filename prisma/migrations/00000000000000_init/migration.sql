-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('VIEWER', 'OPERATOR', 'ADMIN');

-- CreateEnum
CREATE TYPE "ConnectionState" AS ENUM ('ONLINE', 'STALE', 'OFFLINE', 'NEVER_CONNECTED', 'REVOKED');

-- CreateEnum
CREATE TYPE "SyncStatus" AS ENUM ('SYNCED', 'OUT_OF_SYNC', 'SYNCING', 'FAILED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "Health" AS ENUM ('HEALTHY', 'PROGRESSING', 'DEGRADED', 'SUSPENDED', 'MISSING', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "Renderer" AS ENUM ('AUTO', 'PLAIN', 'KUSTOMIZE', 'HELM');

-- CreateEnum
CREATE TYPE "CredentialKind" AS ENUM ('NONE', 'BASIC', 'SSH');

-- CreateEnum
CREATE TYPE "Tombstone" AS ENUM ('PRUNE', 'ORPHAN');

-- CreateEnum
CREATE TYPE "PromotionIntent" AS ENUM ('FORWARD', 'ROLLBACK', 'HOTFIX', 'REDEPLOY');

-- CreateEnum
CREATE TYPE "PromotionState" AS ENUM ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING', 'SUCCEEDED', 'FAILED', 'REJECTED', 'CANCELLED', 'SUPERSEDED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "WaveState" AS ENUM ('PENDING', 'IN_PROGRESS', 'BAKING', 'PASSED', 'FAILED', 'SKIPPED');

-- CreateEnum
CREATE TYPE "TargetState" AS ENUM ('PENDING', 'ASSIGNED', 'APPLYING', 'READY', 'BAKED', 'FAILED', 'TIMED_OUT', 'OFFLINE', 'SKIPPED', 'REMOVED');

-- CreateEnum
CREATE TYPE "CheckState" AS ENUM ('RUNNING', 'PASSED', 'FAILED', 'INCONCLUSIVE');

-- CreateEnum
CREATE TYPE "GateVerdict" AS ENUM ('PASSED', 'WAITING', 'FAILED', 'INCONCLUSIVE', 'OVERRIDDEN');

-- CreateEnum
CREATE TYPE "DriftType" AS ENUM ('MODIFIED', 'MISSING', 'EXTRA');

-- CreateEnum
CREATE TYPE "ManagerClass" AS ENUM ('PERSON', 'CONTROLLER', 'GITOPS', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "EpisodeEnd" AS ENUM ('HEALED', 'REVERTED', 'RELEASED', 'EXCEPTED', 'GONE');

-- CreateEnum
CREATE TYPE "QualificationState" AS ENUM ('VERIFIED', 'REVOKED');

-- CreateTable
CREATE TABLE "hub" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "epoch" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "secret_key_check" TEXT,
    "heard_at" TIMESTAMPTZ(3),
    "hearing_since" TIMESTAMPTZ(3),
    "health_rules" JSONB NOT NULL DEFAULT '[]',
    "health_rules_digest" TEXT,

    CONSTRAINT "hub_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "user_name" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "emails" TEXT[],
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ,
    "last_used_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "join_token" (
    "id" BIGSERIAL NOT NULL,
    "hash" BYTEA NOT NULL,
    "cluster_name" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "max_uses" INTEGER NOT NULL DEFAULT 1,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "auto_accept" BOOLEAN NOT NULL DEFAULT true,
    "replaces" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "revoked_at" TIMESTAMPTZ,

    CONSTRAINT "join_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "label_kv" TEXT[],
    "kube_system_uid" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "join_token_id" BIGINT NOT NULL,
    "desired_generation" BIGINT NOT NULL DEFAULT 0,
    "applied_generation" BIGINT NOT NULL DEFAULT 0,
    "session" BIGINT NOT NULL DEFAULT 0,
    "kubernetes_version" TEXT,
    "agent_version" TEXT,
    "protocol_version" INTEGER,
    "capabilities" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "renewed_at" TIMESTAMPTZ(3),
    "accepted_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "revoked_reason" TEXT,
    "deleting_since" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster_credential" (
    "id" BIGSERIAL NOT NULL,
    "cluster_id" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "issued_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "first_used_at" TIMESTAMPTZ,

    CONSTRAINT "cluster_credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster_orphan" (
    "cluster_id" BIGINT NOT NULL,
    "tracking_id" TEXT NOT NULL,
    "application" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "objects" INTEGER NOT NULL,
    "session" BIGINT NOT NULL,
    "first_seen_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_orphan_pkey" PRIMARY KEY ("cluster_id","tracking_id")
);

-- CreateTable
CREATE TABLE "cluster_rollup" (
    "cluster_id" BIGINT NOT NULL,
    "instances" INTEGER NOT NULL DEFAULT 0,
    "synced" INTEGER NOT NULL DEFAULT 0,
    "out_of_sync" INTEGER NOT NULL DEFAULT 0,
    "syncing" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "healthy" INTEGER NOT NULL DEFAULT 0,
    "progressing" INTEGER NOT NULL DEFAULT 0,
    "degraded" INTEGER NOT NULL DEFAULT 0,
    "suspended" INTEGER NOT NULL DEFAULT 0,
    "missing" INTEGER NOT NULL DEFAULT 0,
    "drifted" INTEGER NOT NULL DEFAULT 0,
    "drift_items" INTEGER NOT NULL DEFAULT 0,
    "last_seen_at" TIMESTAMPTZ,
    "announced" "ConnectionState" NOT NULL DEFAULT 'NEVER_CONNECTED',

    CONSTRAINT "cluster_rollup_pkey" PRIMARY KEY ("cluster_id")
);

-- CreateTable
CREATE TABLE "environment" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "selector" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "environment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environment_member" (
    "environment_id" BIGINT NOT NULL,
    "cluster_id" BIGINT NOT NULL,

    CONSTRAINT "environment_member_pkey" PRIMARY KEY ("environment_id","cluster_id")
);

-- CreateTable
CREATE TABLE "policy" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "current_revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_revision" (
    "id" BIGSERIAL NOT NULL,
    "policy_id" BIGINT NOT NULL,
    "revision" INTEGER NOT NULL,
    "steps" JSONB NOT NULL,
    "environments" TEXT[],
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "repository" (
    "id" BIGSERIAL NOT NULL,
    "url" TEXT NOT NULL,
    "credential_kind" "CredentialKind" NOT NULL DEFAULT 'NONE',
    "credential" BYTEA,
    "last_fetched_at" TIMESTAMPTZ,
    "last_commit" TEXT,
    "error" JSONB,
    "error_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "repository_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "application" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "namespace" TEXT,
    "service_account_name" TEXT,
    "repository_id" BIGINT NOT NULL,
    "ref" TEXT NOT NULL DEFAULT 'HEAD',
    "path" TEXT NOT NULL,
    "renderer" "Renderer" NOT NULL DEFAULT 'AUTO',
    "helm" JSONB,
    "policy_id" BIGINT NOT NULL,
    "sync_policy" JSONB NOT NULL,
    "health_rules" JSONB,
    "source_digest" TEXT,
    "source_error" JSONB,
    "source_error_at" TIMESTAMPTZ,
    "last_commit" TEXT,
    "next_release_number" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "application_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release" (
    "id" BIGSERIAL NOT NULL,
    "application_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "commit" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "author_email" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "committed_at" TIMESTAMPTZ NOT NULL,
    "source" JSONB NOT NULL,
    "source_digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bundle" (
    "digest" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "encrypted" BOOLEAN NOT NULL DEFAULT false,
    "objects" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bundle_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "release_bundle" (
    "release_id" BIGINT NOT NULL,
    "environment_id" BIGINT NOT NULL,
    "inputs_digest" TEXT NOT NULL,
    "bundle_digest" TEXT NOT NULL,
    "closure_digest" TEXT NOT NULL,

    CONSTRAINT "release_bundle_pkey" PRIMARY KEY ("release_id","environment_id","inputs_digest")
);

-- CreateTable
CREATE TABLE "instance" (
    "id" BIGSERIAL NOT NULL,
    "tracking_id" TEXT NOT NULL,
    "application_id" BIGINT,
    "environment_id" BIGINT,
    "cluster_id" BIGINT NOT NULL,
    "application_name" TEXT NOT NULL,
    "environment_name" TEXT NOT NULL,
    "release_id" BIGINT,
    "release_number" INTEGER,
    "bundle_digest" TEXT,
    "promotion_id" BIGINT,
    "generation" BIGINT NOT NULL DEFAULT 0,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "exceptions" JSONB NOT NULL DEFAULT '[]',
    "approved_prune" BIGINT,
    "tombstone" "Tombstone",
    "tombstoned_at" TIMESTAMPTZ,
    "assigned_at" TIMESTAMPTZ,
    "assignment_error" JSONB,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instance_status" (
    "instance_id" BIGINT NOT NULL,
    "cluster_id" BIGINT NOT NULL,
    "application_id" BIGINT NOT NULL,
    "environment_id" BIGINT NOT NULL,
    "generation" BIGINT NOT NULL,
    "bundle_digest" TEXT NOT NULL,
    "release_number" INTEGER,
    "sync" "SyncStatus" NOT NULL,
    "health" "Health" NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',
    "drift_count" INTEGER NOT NULL DEFAULT 0,
    "pending_prune" JSONB NOT NULL DEFAULT '[]',
    "truncated" BOOLEAN NOT NULL DEFAULT false,
    "content_hash" TEXT NOT NULL,
    "session" BIGINT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "reported_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "instance_status_pkey" PRIMARY KEY ("instance_id")
);

-- CreateTable
CREATE TABLE "instance_object" (
    "instance_id" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "api_version" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL,
    "sync" "SyncStatus" NOT NULL,
    "health" "Health" NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "instance_object_pkey" PRIMARY KEY ("instance_id","position")
);

-- CreateTable
CREATE TABLE "slot_rollup" (
    "application_id" BIGINT NOT NULL,
    "environment_id" BIGINT NOT NULL,
    "instances" INTEGER NOT NULL DEFAULT 0,
    "synced" INTEGER NOT NULL DEFAULT 0,
    "out_of_sync" INTEGER NOT NULL DEFAULT 0,
    "syncing" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "healthy" INTEGER NOT NULL DEFAULT 0,
    "progressing" INTEGER NOT NULL DEFAULT 0,
    "degraded" INTEGER NOT NULL DEFAULT 0,
    "suspended" INTEGER NOT NULL DEFAULT 0,
    "missing" INTEGER NOT NULL DEFAULT 0,
    "drifted" INTEGER NOT NULL DEFAULT 0,
    "drift_items" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "slot_rollup_pkey" PRIMARY KEY ("application_id","environment_id")
);

-- CreateTable
CREATE TABLE "drift_item" (
    "id" BIGSERIAL NOT NULL,
    "instance_id" BIGINT NOT NULL,
    "cluster_id" BIGINT NOT NULL,
    "application_id" BIGINT NOT NULL,
    "environment_id" BIGINT NOT NULL,
    "episode" TEXT NOT NULL,
    "api_version" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '',
    "type" "DriftType" NOT NULL,
    "desired" TEXT,
    "live" TEXT,
    "masked" BOOLEAN NOT NULL DEFAULT false,
    "manager" TEXT NOT NULL DEFAULT '',
    "manager_class" "ManagerClass" NOT NULL,
    "operation" TEXT NOT NULL DEFAULT '',
    "subresource" TEXT NOT NULL DEFAULT '',
    "changed_at" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "healed_count" INTEGER NOT NULL DEFAULT 0,
    "contested" BOOLEAN NOT NULL DEFAULT false,
    "exception_id" BIGINT,

    CONSTRAINT "drift_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drift_exception" (
    "id" BIGSERIAL NOT NULL,
    "reason" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "ended_by" TEXT,
    "application" TEXT NOT NULL DEFAULT '',
    "environment" TEXT NOT NULL DEFAULT '',
    "cluster" TEXT NOT NULL DEFAULT '',
    "selector" TEXT NOT NULL DEFAULT '',
    "object_kind" TEXT NOT NULL DEFAULT '',
    "namespace" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL DEFAULT '',
    "path" TEXT NOT NULL DEFAULT '',
    "manager" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "drift_exception_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instruction" (
    "id" BIGSERIAL NOT NULL,
    "public_id" TEXT NOT NULL,
    "cluster_id" BIGINT NOT NULL,
    "instance_id" BIGINT,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "generation" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "acknowledged_at" TIMESTAMPTZ,
    "outcome" JSONB,

    CONSTRAINT "instruction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "slot" (
    "id" BIGSERIAL NOT NULL,
    "application_id" BIGINT NOT NULL,
    "environment_id" BIGINT NOT NULL,
    "current_release_id" BIGINT,
    "current_promotion_id" BIGINT,
    "verified_release_id" BIGINT,
    "hold_reason" TEXT,
    "hold_release_id" BIGINT,
    "hold_by" TEXT,
    "hold_at" TIMESTAMPTZ,
    "hold_until" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "slot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion" (
    "id" BIGSERIAL NOT NULL,
    "application_id" BIGINT NOT NULL,
    "environment_id" BIGINT NOT NULL,
    "release_id" BIGINT NOT NULL,
    "previous_release_id" BIGINT,
    "intent" "PromotionIntent" NOT NULL,
    "state" "PromotionState" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "requested_by" TEXT NOT NULL,
    "reason" TEXT,
    "policy_revision_id" BIGINT NOT NULL,
    "policy_revision" INTEGER NOT NULL,
    "step" JSONB NOT NULL,
    "idempotency_key" TEXT,
    "retry_of_id" BIGINT,
    "rollback_of_id" BIGINT,
    "superseded_by_id" BIGINT,
    "outcome" TEXT,
    "pause_reasons" JSONB NOT NULL DEFAULT '[]',
    "due_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion_wave" (
    "id" BIGSERIAL NOT NULL,
    "promotion_id" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "rule" JSONB NOT NULL DEFAULT '{}',
    "state" "WaveState" NOT NULL DEFAULT 'PENDING',
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "promotion_wave_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion_target" (
    "promotion_id" BIGINT NOT NULL,
    "wave_id" BIGINT NOT NULL,
    "cluster_id" BIGINT NOT NULL,
    "instance_id" BIGINT NOT NULL,
    "generation" BIGINT NOT NULL DEFAULT 0,
    "bundle_digest" TEXT,
    "previous_release_id" BIGINT,
    "state" "TargetState" NOT NULL DEFAULT 'PENDING',
    "message" TEXT NOT NULL DEFAULT '',
    "assigned_at" TIMESTAMPTZ,
    "deadline_at" TIMESTAMPTZ,
    "healthy_since" TIMESTAMPTZ,
    "unwell_since" TIMESTAMPTZ,

    CONSTRAINT "promotion_target_pkey" PRIMARY KEY ("promotion_id","cluster_id")
);

-- CreateTable
CREATE TABLE "qualification" (
    "release_id" BIGINT NOT NULL,
    "environment_id" BIGINT NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "promotion_id" BIGINT NOT NULL,
    "state" "QualificationState" NOT NULL DEFAULT 'VERIFIED',
    "verified_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "healthy_since" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "interrupted_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "revoked_reason" TEXT,
    "revoked_by" TEXT,

    CONSTRAINT "qualification_pkey" PRIMARY KEY ("release_id","environment_id")
);

-- CreateTable
CREATE TABLE "approval" (
    "id" BIGSERIAL NOT NULL,
    "promotion_id" BIGINT NOT NULL,
    "gate" TEXT NOT NULL,
    "approver" TEXT NOT NULL,
    "release_id" BIGINT NOT NULL,
    "comment" TEXT,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gate_override" (
    "promotion_id" BIGINT NOT NULL,
    "gate" TEXT NOT NULL,
    "overridden_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "gate_override_pkey" PRIMARY KEY ("promotion_id","gate")
);

-- CreateTable
CREATE TABLE "gate_result" (
    "promotion_id" BIGINT NOT NULL,
    "gate" TEXT NOT NULL,
    "verdict" "GateVerdict" NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',
    "since" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "waited_ms" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "gate_result_pkey" PRIMARY KEY ("promotion_id","gate")
);

-- CreateTable
CREATE TABLE "check_run" (
    "id" BIGSERIAL NOT NULL,
    "promotion_id" BIGINT NOT NULL,
    "gate" TEXT NOT NULL,
    "rule" JSONB NOT NULL,
    "state" "CheckState" NOT NULL DEFAULT 'RUNNING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "successes" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "unknowns" INTEGER NOT NULL DEFAULT 0,
    "message" TEXT NOT NULL DEFAULT '',
    "evidence" JSONB NOT NULL DEFAULT '{}',
    "callback_hash" BYTEA,
    "cluster_ids" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
    "instruction_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_at" TIMESTAMPTZ,
    "deadline_at" TIMESTAMPTZ NOT NULL,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "check_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "freeze" (
    "id" BIGSERIAL NOT NULL,
    "reason" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "from_at" TIMESTAMPTZ NOT NULL,
    "until_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "ended_by" TEXT,
    "end_reason" TEXT,
    "application" TEXT,
    "environment" TEXT,
    "selector" TEXT,

    CONSTRAINT "freeze_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hub_secret" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "value" BYTEA NOT NULL,
    "saved_by" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "hub_secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release_commit" (
    "release_id" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "sha" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "author_email" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "committed_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "release_commit_pkey" PRIMARY KEY ("release_id","position")
);

-- CreateTable
CREATE TABLE "event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "application" TEXT,
    "environment" TEXT,
    "cluster" TEXT,
    "promotion_id" BIGINT,
    "data" JSONB,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "join_token_hash_key" ON "join_token"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "cluster_name_key" ON "cluster"("name");

-- CreateIndex
CREATE UNIQUE INDEX "cluster_kube_system_uid_key" ON "cluster"("kube_system_uid");

-- CreateIndex
CREATE UNIQUE INDEX "cluster_public_key_key" ON "cluster"("public_key");

-- CreateIndex
CREATE INDEX "cluster_label_kv_idx" ON "cluster" USING GIN ("label_kv");

-- CreateIndex
CREATE UNIQUE INDEX "cluster_credential_hash_key" ON "cluster_credential"("hash");

-- CreateIndex
CREATE INDEX "cluster_credential_cluster_id_idx" ON "cluster_credential"("cluster_id");

-- CreateIndex
CREATE INDEX "cluster_rollup_last_seen_at_idx" ON "cluster_rollup"("last_seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "environment_name_key" ON "environment"("name");

-- CreateIndex
CREATE INDEX "environment_member_cluster_id_idx" ON "environment_member"("cluster_id");

-- CreateIndex
CREATE UNIQUE INDEX "policy_name_key" ON "policy"("name");

-- CreateIndex
CREATE UNIQUE INDEX "policy_revision_policy_id_revision_key" ON "policy_revision"("policy_id", "revision");

-- CreateIndex
CREATE UNIQUE INDEX "repository_url_key" ON "repository"("url");

-- CreateIndex
CREATE UNIQUE INDEX "application_name_key" ON "application"("name");

-- CreateIndex
CREATE INDEX "application_repository_id_idx" ON "application"("repository_id");

-- CreateIndex
CREATE INDEX "application_policy_id_idx" ON "application"("policy_id");

-- CreateIndex
CREATE UNIQUE INDEX "release_application_id_number_key" ON "release"("application_id", "number");

-- CreateIndex
CREATE INDEX "release_bundle_bundle_digest_idx" ON "release_bundle"("bundle_digest");

-- CreateIndex
CREATE INDEX "release_bundle_closure_digest_idx" ON "release_bundle"("closure_digest");

-- CreateIndex
CREATE UNIQUE INDEX "instance_tracking_id_key" ON "instance"("tracking_id");

-- CreateIndex
CREATE INDEX "instance_cluster_id_generation_idx" ON "instance"("cluster_id", "generation");

-- CreateIndex
CREATE INDEX "instance_application_id_environment_id_cluster_id_idx" ON "instance"("application_id", "environment_id", "cluster_id");

-- CreateIndex
CREATE INDEX "instance_environment_id_cluster_id_idx" ON "instance"("environment_id", "cluster_id");

-- CreateIndex
CREATE INDEX "instance_bundle_digest_cluster_id_idx" ON "instance"("bundle_digest", "cluster_id");

-- CreateIndex
CREATE INDEX "instance_status_cluster_id_idx" ON "instance_status"("cluster_id");

-- CreateIndex
CREATE INDEX "instance_status_application_id_environment_id_idx" ON "instance_status"("application_id", "environment_id");

-- CreateIndex
CREATE INDEX "slot_rollup_environment_id_idx" ON "slot_rollup"("environment_id");

-- CreateIndex
CREATE INDEX "drift_item_page" ON "drift_item"("first_seen_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "drift_item_application" ON "drift_item"("application_id", "first_seen_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "drift_item_environment" ON "drift_item"("environment_id", "first_seen_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "drift_item_cluster" ON "drift_item"("cluster_id", "application_id");

-- CreateIndex
CREATE INDEX "drift_item_manager" ON "drift_item"("manager", "kind", "first_seen_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "drift_item_kind" ON "drift_item"("kind", "first_seen_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "drift_item_instance_id_episode_key" ON "drift_item"("instance_id", "episode");

-- CreateIndex
CREATE UNIQUE INDEX "instruction_public_id_key" ON "instruction"("public_id");

-- CreateIndex
CREATE INDEX "instruction_cluster_id_generation_idx" ON "instruction"("cluster_id", "generation");

-- CreateIndex
CREATE INDEX "slot_environment_id_idx" ON "slot"("environment_id");

-- CreateIndex
CREATE UNIQUE INDEX "slot_application_id_environment_id_key" ON "slot"("application_id", "environment_id");

-- CreateIndex
CREATE INDEX "promotion_application_id_environment_id_id_idx" ON "promotion"("application_id", "environment_id", "id" DESC);

-- CreateIndex
CREATE INDEX "promotion_release_id_idx" ON "promotion"("release_id");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_application_id_environment_id_idempotency_key_key" ON "promotion"("application_id", "environment_id", "idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_wave_promotion_id_position_key" ON "promotion_wave"("promotion_id", "position");

-- CreateIndex
CREATE INDEX "promotion_target_wave_id_state_idx" ON "promotion_target"("wave_id", "state");

-- CreateIndex
CREATE INDEX "promotion_target_instance_id_idx" ON "promotion_target"("instance_id");

-- CreateIndex
CREATE INDEX "qualification_environment_id_sequence_idx" ON "qualification"("environment_id", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "approval_promotion_id_gate_approver_key" ON "approval"("promotion_id", "gate", "approver");

-- CreateIndex
CREATE UNIQUE INDEX "check_run_callback_hash_key" ON "check_run"("callback_hash");

-- CreateIndex
CREATE UNIQUE INDEX "check_run_promotion_id_gate_key" ON "check_run"("promotion_id", "gate");

-- CreateIndex
CREATE INDEX "freeze_until_at_idx" ON "freeze"("until_at");

-- CreateIndex
CREATE UNIQUE INDEX "hub_secret_name_key" ON "hub_secret"("name");

-- CreateIndex
CREATE INDEX "event_application_id_idx" ON "event"("application", "id" DESC);

-- CreateIndex
CREATE INDEX "event_environment_id_idx" ON "event"("environment", "id" DESC);

-- CreateIndex
CREATE INDEX "event_cluster_id_idx" ON "event"("cluster", "id" DESC);

-- CreateIndex
CREATE INDEX "event_promotion_id_idx" ON "event"("promotion_id");

-- CreateIndex
CREATE INDEX "event_kind_id_idx" ON "event"("kind", "id" DESC);

-- AddForeignKey
ALTER TABLE "cluster_credential" ADD CONSTRAINT "cluster_credential_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster_orphan" ADD CONSTRAINT "cluster_orphan_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster_rollup" ADD CONSTRAINT "cluster_rollup_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environment_member" ADD CONSTRAINT "environment_member_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environment_member" ADD CONSTRAINT "environment_member_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_revision" ADD CONSTRAINT "policy_revision_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "application" ADD CONSTRAINT "application_repository_id_fkey" FOREIGN KEY ("repository_id") REFERENCES "repository"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "application" ADD CONSTRAINT "application_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "application"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_bundle" ADD CONSTRAINT "release_bundle_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_bundle" ADD CONSTRAINT "release_bundle_bundle_digest_fkey" FOREIGN KEY ("bundle_digest") REFERENCES "bundle"("digest") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "application"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance_status" ADD CONSTRAINT "instance_status_instance_id_fkey" FOREIGN KEY ("instance_id") REFERENCES "instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance_object" ADD CONSTRAINT "instance_object_instance_id_fkey" FOREIGN KEY ("instance_id") REFERENCES "instance"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion_wave" ADD CONSTRAINT "promotion_wave_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion_target" ADD CONSTRAINT "promotion_target_wave_id_fkey" FOREIGN KEY ("wave_id") REFERENCES "promotion_wave"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gate_override" ADD CONSTRAINT "gate_override_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gate_result" ADD CONSTRAINT "gate_result_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_run" ADD CONSTRAINT "check_run_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_commit" ADD CONSTRAINT "release_commit_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE CASCADE ON UPDATE CASCADE;

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
