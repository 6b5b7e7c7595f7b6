import { redact } from '../src/platform/redact.ts'
import type { StreamSource as Source } from '../src/streams/model.ts'
import { builder } from './builder.ts'
import { SourceKind } from './enums.ts'

export const StreamSource = builder.objectRef<Source>('StreamSource').implement({
  description: 'Where a stream comes from.',
  fields: (t) => ({
    kind: t.expose('kind', { type: SourceKind, nullable: false }),
    url: t.string({
      description: 'With its credentials removed. Null for what is not pulled from a URL.',
      resolve: (source) => ('url' in source ? redact(source.url) : null),
    }),
    options: t.field({
      type: 'JSON',
      nullable: false,
      description: 'The rest of what was given: rtspTransport; path and loop; width, height, fps and tone.',
      resolve: (source) => optionsOf(source),
    }),
  }),
})

function optionsOf(source: Source): object {
  if ('url' in source) return source.rtspTransport ? { rtspTransport: source.rtspTransport } : {}
  const { kind: _, ...options } = source
  return options
}
