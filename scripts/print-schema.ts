import { writeFileSync } from 'node:fs'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from '../schema/index.ts'

/** The schema as it is checked in. */
export const printedSchema = `${printSchema(lexicographicSortSchema(schema))}\n`

if (import.meta.main) writeFileSync(new URL('../schema/schema.graphql', import.meta.url), printedSchema)
