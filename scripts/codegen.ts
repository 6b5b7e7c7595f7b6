import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { generate } from '@graphql-codegen/cli'
import { lexicographicSortSchema, printSchema } from 'graphql'
import config from '../codegen.ts'
import { schema } from '../schema/index.ts'

export interface GeneratedFile {
  /** Relative to the top of the project. */
  path: string
  content: string
}

const top = new URL('../', import.meta.url)

/** Everything that is generated and checked in, as it should be now: the printed schema and the typed documents. */
export async function generateAll(): Promise<GeneratedFile[]> {
  const printed = `${printSchema(lexicographicSortSchema(schema))}\n`
  const documents: { filename: string; content: string }[] = await generate(
    { ...config, schema: printed, cwd: fileURLToPath(top), silent: true, errorsOnly: true },
    false,
  )
  return [
    { path: 'schema/schema.graphql', content: printed },
    ...documents.map(({ filename, content }) => ({ path: filename, content })),
  ]
}

/** Whether the file that is checked in says the same. */
export async function isCurrent({ path, content }: GeneratedFile): Promise<boolean> {
  return (await readFile(new URL(path, top), 'utf8').catch(() => null)) === content
}

if (import.meta.main) {
  for (const { path, content } of await generateAll()) {
    const file = new URL(path, top)
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, content)
  }
}
