CREATE TABLE "cluster" (
	"id" integer PRIMARY KEY,
	"node_secret" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "node_health" (
	"node_id" text PRIMARY KEY,
	"components" jsonb NOT NULL,
	"active_processes" integer NOT NULL,
	"active_consumers" integer NOT NULL,
	"reported_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "url" text;--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "consumers" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "cpu_percent" double precision;--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "stopped_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "lost_at" timestamp(3) with time zone;