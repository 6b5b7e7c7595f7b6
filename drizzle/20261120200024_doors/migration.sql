ALTER TABLE "cluster" ADD COLUMN "secret_key_check" text;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "source_policy" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "streams" ADD COLUMN "source_secret" text;--> statement-breakpoint
CREATE INDEX "api_keys_revoked" ON "api_keys" ("revoked_at") WHERE revoked_at is not null;--> statement-breakpoint
CREATE INDEX "consumers_key" ON "consumers" ("api_key_id") WHERE state <> 'CLOSED';