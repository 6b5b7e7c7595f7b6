CREATE INDEX "api_keys_revoked" ON "api_keys" ("revoked_at") WHERE revoked_at is not null;--> statement-breakpoint
CREATE INDEX "consumers_key" ON "consumers" ("api_key_id") WHERE state <> 'CLOSED';