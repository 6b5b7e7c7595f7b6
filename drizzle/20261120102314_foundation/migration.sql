CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp(3) with time zone,
	"expires_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "event_log" (
	"id" integer PRIMARY KEY,
	"last_cursor" bigint NOT NULL,
	"first_cursor" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" text PRIMARY KEY,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "events_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"cursor" bigint,
	"project_id" text NOT NULL,
	"type" text NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"subject_id" text,
	"actor" jsonb,
	"data" jsonb DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"project_id" text,
	"mutation" text,
	"key" text,
	"input_hash" text NOT NULL,
	"result_id" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("project_id","mutation","key")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"resource_id" text PRIMARY KEY,
	"owner_node_id" text,
	"token" bigint NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "media_nodes" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"capacity" integer NOT NULL,
	"draining" boolean DEFAULT false NOT NULL,
	"started_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "producers" (
	"id" text PRIMARY KEY,
	"project_id" text NOT NULL,
	"stream_id" text NOT NULL,
	"kind" text NOT NULL,
	"codec" text NOT NULL,
	"ssrcs" bigint[] NOT NULL,
	"state" text NOT NULL,
	"state_since" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"start_order" integer NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp(3) with time zone,
	"close_reason" text
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"public_health" boolean DEFAULT true NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "streams" (
	"id" text PRIMARY KEY,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"labels" jsonb DEFAULT '{}' NOT NULL,
	"source" jsonb NOT NULL,
	"source_tracks" jsonb,
	"max_consumers" integer,
	"desired_state" text NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"observed_generation" integer DEFAULT 0 NOT NULL,
	"start_order" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'STOPPED' NOT NULL,
	"state_reason" text,
	"state_cause" text,
	"state_since" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"media_node_id" text,
	"restarts" integer DEFAULT 0 NOT NULL,
	"last_exit" jsonb,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" ("hash");--> statement-breakpoint
CREATE INDEX "api_keys_project" ON "api_keys" ("project_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "events_cursor" ON "events" ("cursor");--> statement-breakpoint
CREATE INDEX "events_unnumbered" ON "events" ("position") WHERE cursor is null;--> statement-breakpoint
CREATE INDEX "events_project" ON "events" ("project_id","cursor");--> statement-breakpoint
CREATE INDEX "events_subject" ON "events" ("subject_id","cursor");--> statement-breakpoint
CREATE INDEX "events_at" ON "events" ("at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" ("created_at");--> statement-breakpoint
CREATE INDEX "leases_owner" ON "leases" ("owner_node_id");--> statement-breakpoint
CREATE INDEX "producers_stream" ON "producers" ("stream_id","id");--> statement-breakpoint
CREATE INDEX "producers_project" ON "producers" ("project_id","id");--> statement-breakpoint
CREATE INDEX "streams_project" ON "streams" ("project_id","id");--> statement-breakpoint
CREATE INDEX "streams_project_name" ON "streams" ("project_id","name","id");--> statement-breakpoint
CREATE INDEX "streams_project_state_since" ON "streams" ("project_id","state_since","id");--> statement-breakpoint
CREATE INDEX "streams_node" ON "streams" ("media_node_id");--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "producers" ADD CONSTRAINT "producers_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "producers" ADD CONSTRAINT "producers_stream_id_streams_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"("id");--> statement-breakpoint
ALTER TABLE "streams" ADD CONSTRAINT "streams_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "streams" ADD CONSTRAINT "streams_media_node_id_media_nodes_id_fkey" FOREIGN KEY ("media_node_id") REFERENCES "media_nodes"("id");