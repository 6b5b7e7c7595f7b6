import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PageBundle, PageFile } from './dashboard.ts'

const folder = fileURLToPath(new URL('../dashboard', import.meta.url))

const contentTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
}

/**
 * Makes the page from its sources, in memory, at the first call: there is no build step for who runs Weir. Callers at
 * the same time share one run; one that fails is not kept, the next call tries again.
 */
export function pageBundler(): () => Promise<PageBundle> {
  let bundle: Promise<PageBundle> | null = null
  return () => {
    bundle ??= makeBundle().catch((error) => {
      bundle = null
      throw error
    })
    return bundle
  }
}

async function makeBundle(): Promise<PageBundle> {
  // Loaded here and not at the top: a server that nobody looks at needs no bundler.
  const esbuild = await import('esbuild')
  try {
    const result = await esbuild.build({
      absWorkingDir: folder,
      entryPoints: ['main.tsx', 'style.css'],
      outdir: 'assets',
      bundle: true,
      splitting: true,
      format: 'esm',
      target: ['es2022'],
      minify: true,
      sourcemap: true,
      entryNames: '[name]-[hash]',
      chunkNames: '[name]-[hash]',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      tsconfigRaw: {},
      legalComments: 'none',
      metafile: true,
      write: false,
      logLevel: 'silent',
    })
    const files = new Map<string, PageFile>()
    for (const { path, contents } of result.outputFiles) {
      const contentType = contentTypes[extname(path)] ?? 'application/octet-stream'
      files.set(basename(path), { contentType, body: new Uint8Array(contents) })
    }
    const template = await readFile(`${folder}/page.html`, 'utf8')
    const outputOf = (entry: string) => {
      const made = Object.entries(result.metafile.outputs).find(([, output]) => output.entryPoint === entry)
      if (!made) throw new Error(`esbuild made nothing of ${entry}`)
      return `/assets/${basename(made[0])}`
    }
    const html = template.replace('/main.tsx', outputOf('main.tsx')).replace('/style.css', outputOf('style.css'))
    return { html, files }
  } finally {
    // Its service is a process of its own, and nobody needs it again.
    await esbuild.stop()
  }
}
