CREATE TABLE "cluster" (
	"id" integer PRIMARY KEY,
	"node_secret" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "url" text;--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "consumers" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "cpu_percent" double precision;--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "stopped_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "media_nodes" ADD COLUMN "lost_at" timestamp(3) with time zone;