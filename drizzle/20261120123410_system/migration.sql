CREATE TABLE "node_health" (
	"node_id" text PRIMARY KEY,
	"components" jsonb NOT NULL,
	"active_processes" integer NOT NULL,
	"active_consumers" integer NOT NULL,
	"reported_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
