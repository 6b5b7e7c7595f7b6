CREATE TABLE "samples_1s" (
	"subject_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"run" text NOT NULL,
	"data" json NOT NULL,
	PRIMARY KEY("subject_id","at","run")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "samples_1m" (LIKE "samples_1s" INCLUDING ALL) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "samples_5m" (LIKE "samples_1s" INCLUDING ALL) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "samples_1h" (LIKE "samples_1s" INCLUDING ALL) PARTITION BY RANGE ("at");
