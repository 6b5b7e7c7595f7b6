import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, glob, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const top = fileURLToPath(new URL('..', import.meta.url))
const folder = join(top, 'dist/client')
const stampName = '.made-of'

/**
 * Builds `weir/client` into dist/client: one JavaScript module for browsers and Node.js 20, and its types. Does nothing where it is there already,
 * made of the same.
 */
export async function buildClient(): Promise<void> {
  const stamp = await hashOfSources()
  const made = await readFile(join(folder, stampName), 'utf8').catch(() => null)
  if (made === stamp) return
  await mkdir(dirname(folder), { recursive: true })
  const fresh = await mkdtemp(`${folder}-`)
  try {
    await Promise.all([bundle(fresh), declare(fresh)])
    await writeFile(join(fresh, stampName), stamp)
    await chmod(fresh, 0o755)
    // Who builds at the same time has made the same.
    await rm(folder, { recursive: true, force: true })
    await rename(fresh, folder)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  const files = ['package-lock.json', 'tsconfig.json', 'tsconfig.client.json', 'scripts/client.ts']
  const sources: string[] = []
  for await (const file of glob('src/client/**/*.ts', { cwd: top })) sources.push(file)
  for (const file of [...files, ...sources.sort()]) hash.update(file).update(await readFile(join(top, file)))
  return hash.digest('hex')
}

async function bundle(outdir: string): Promise<void> {
  const esbuild = await import('esbuild')
  await esbuild.build({
    absWorkingDir: top,
    entryPoints: ['src/client/index.ts'],
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: ['es2022', 'node20'],
    external: ['graphql-ws'],
    sourcemap: true,
    tsconfigRaw: {},
    logLevel: 'silent',
  })
}

async function declare(outDir: string): Promise<void> {
  const tsc = join(top, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.client.json', '--outDir', outDir], { cwd: top })
  for await (const file of glob('**/*.d.ts', { cwd: outDir })) {
    const path = join(outDir, file)
    await writeFile(path, published(await readFile(path, 'utf8')))
  }
}

/** Declarations as they are read without our sources: by the names of the built files, and without the one type that codegen takes from a package. */
function published(declarations: string): string {
  return declarations
    .replaceAll(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'")
    .replace(
      "import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';",
      'interface DocumentTypeDecoration<Data, Variables> { __apiType?: (variables: Variables) => Data }',
    )
}

if (import.meta.main) await buildClient()
