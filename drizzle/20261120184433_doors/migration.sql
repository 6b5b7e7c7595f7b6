ALTER TABLE "cluster" ADD COLUMN "secret_key_check" text;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "source_policy" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "streams" ADD COLUMN "source_secret" text;