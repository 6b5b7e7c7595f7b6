CREATE TABLE "recovery_attempts" (
	"id" text PRIMARY KEY,
	"project_id" text NOT NULL,
	"stream_id" text NOT NULL,
	"number" integer NOT NULL,
	"cause" text NOT NULL,
	"evidence" jsonb DEFAULT '{}' NOT NULL,
	"action" text NOT NULL,
	"outcome" text,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"downtime_seconds" double precision,
	"log" jsonb DEFAULT '[]' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "streams" ADD COLUMN "recovery_policy" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "streams" ADD COLUMN "health" text DEFAULT 'UNKNOWN' NOT NULL;--> statement-breakpoint
ALTER TABLE "streams" ADD COLUMN "health_since" timestamp(3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "streams" ADD COLUMN "health_issues" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX "recovery_attempts_stream" ON "recovery_attempts" ("stream_id","id");--> statement-breakpoint
CREATE INDEX "recovery_attempts_project" ON "recovery_attempts" ("project_id","id");--> statement-breakpoint
CREATE INDEX "recovery_attempts_started" ON "recovery_attempts" ("started_at");--> statement-breakpoint
ALTER TABLE "recovery_attempts" ADD CONSTRAINT "recovery_attempts_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "recovery_attempts" ADD CONSTRAINT "recovery_attempts_stream_id_streams_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"("id");