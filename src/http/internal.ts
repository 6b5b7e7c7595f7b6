import { Hono } from 'hono'
import type { SessionMethods } from '../consumers/media.ts'
import { WeirError } from '../errors.ts'
import { internalPath } from '../nodes/call.ts'
import { sameText } from '../platform/hash.ts'
import type { StreamMethods } from '../streams/elsewhere.ts'
import type { Routes } from './app.ts'

/** What a node does for others. */
export type NodeMethods = StreamMethods & SessionMethods

export interface InternalOptions {
  /** What all nodes of the database know. */
  secret: string
  methods: NodeMethods
  /** The playback of streams that run here; whoever may see them has been asked by the node that forwards. */
  playback: Routes
}

/** What nodes ask of one another, for nobody else: every request needs the secret of the database's nodes. */
export function internalRoutes({ secret, methods, playback }: InternalOptions): Hono {
  const app = new Hono()

  app.use(`${internalPath}/*`, async (context, next) => {
    const given = context.req.header('authorization') ?? ''
    if (!(await sameText(given, `Bearer ${secret}`))) {
      throw new WeirError('UNAUTHENTICATED', 'Only nodes of the same database are answered here.')
    }
    await next()
  })

  app.post(`${internalPath}/call/:method`, async (context) => {
    const name = context.req.param('method')
    if (!Object.hasOwn(methods, name)) throw new WeirError('NOT_FOUND', 'There is no such method.')
    // Only a node of ours gets here: the body is what its own types say.
    const body: never = await context.req.json()
    return context.json({ answer: (await methods[name as keyof NodeMethods](body)) ?? null })
  })

  app.route(internalPath, playback as Hono)
  return app
}
