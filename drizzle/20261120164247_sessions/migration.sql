CREATE TABLE "consumers" (
	"id" text PRIMARY KEY,
	"project_id" text NOT NULL,
	"stream_id" text NOT NULL,
	"client_id" text NOT NULL,
	"source" text,
	"protocol" text NOT NULL,
	"state" text NOT NULL,
	"state_since" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"reservation_id" text,
	"api_key_id" text,
	"media_node_id" text,
	"incarnation" integer DEFAULT 1 NOT NULL,
	"opened_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp(3) with time zone,
	"close_reason" text,
	"close_message" text,
	"last_heartbeat_at" timestamp(3) with time zone,
	"player_stats" jsonb
);
--> statement-breakpoint
CREATE TABLE "heartbeats" (
	"consumer_id" text PRIMARY KEY,
	"at" timestamp(3) with time zone,
	"stats" jsonb
);
--> statement-breakpoint
CREATE TABLE "places" (
	"project_id" text,
	"scope" text,
	"key" text,
	"taken" integer NOT NULL,
	CONSTRAINT "places_pkey" PRIMARY KEY("project_id","scope","key")
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"id" text PRIMARY KEY,
	"project_id" text NOT NULL,
	"stream_id" text NOT NULL,
	"source" text NOT NULL,
	"holder" text,
	"state" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp(3) with time zone,
	"released_at" timestamp(3) with time zone,
	"expires_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "quotas" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "streams" ADD COLUMN "on_demand" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "node_health" DROP COLUMN "active_consumers";--> statement-breakpoint
CREATE INDEX "consumers_project" ON "consumers" ("project_id","id");--> statement-breakpoint
CREATE INDEX "consumers_stream" ON "consumers" ("stream_id","id");--> statement-breakpoint
CREATE INDEX "consumers_open" ON "consumers" ("stream_id","id") WHERE state <> 'CLOSED';--> statement-breakpoint
CREATE INDEX "consumers_node" ON "consumers" ("media_node_id") WHERE state <> 'CLOSED';--> statement-breakpoint
CREATE INDEX "consumers_closed" ON "consumers" ("closed_at") WHERE state = 'CLOSED';--> statement-breakpoint
CREATE INDEX "consumers_new_hls" ON "consumers" ("id") WHERE state = 'NEW' and protocol = 'HLS';--> statement-breakpoint
CREATE INDEX "consumers_reservation" ON "consumers" ("reservation_id") WHERE state <> 'CLOSED';--> statement-breakpoint
CREATE INDEX "reservations_project" ON "reservations" ("project_id","id");--> statement-breakpoint
CREATE INDEX "reservations_stream" ON "reservations" ("stream_id","id");--> statement-breakpoint
CREATE INDEX "reservations_open" ON "reservations" ("project_id","stream_id","source") WHERE state in ('HELD', 'ACTIVE');--> statement-breakpoint
CREATE INDEX "reservations_held" ON "reservations" ("expires_at") WHERE state = 'HELD';--> statement-breakpoint
CREATE INDEX "reservations_ended" ON "reservations" ("released_at") WHERE state in ('RELEASED', 'EXPIRED');--> statement-breakpoint
ALTER TABLE "consumers" ADD CONSTRAINT "consumers_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "consumers" ADD CONSTRAINT "consumers_stream_id_streams_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"("id");--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_stream_id_streams_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"("id");--> statement-breakpoint
-- Every session rewrites its row all the time: room on each page lets PostgreSQL do so in place, without touching the index.
ALTER TABLE "heartbeats" SET (fillfactor = 50);
