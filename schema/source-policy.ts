import type { SourcePolicy as Policy } from '../src/sources/policy.ts'
import { builder } from './builder.ts'
import { Project } from './project.ts'

const SourcePolicy = builder.objectRef<Policy>('SourcePolicy').implement({
  description: "Where the sources of a project's streams may be; null is as the server has it.",
  fields: (t) => ({
    schemes: t.stringList({ description: 'Of URLs, such as rtsp; only these.', resolve: ({ schemes }) => schemes }),
    allowCidrs: t.stringList({
      description: 'Only these ranges of addresses. They narrow: what the server refuses stays refused.',
      resolve: ({ allowCidrs }) => allowCidrs,
    }),
    denyCidrs: t.stringList({
      description: 'Never these ranges of addresses.',
      resolve: ({ denyCidrs }) => denyCidrs,
    }),
  }),
})

builder.drizzleObjectField(Project, 'sourcePolicy', (t) =>
  t.field({ type: SourcePolicy, resolve: ({ sourcePolicy }) => sourcePolicy }),
)

export const SourcePolicyInput = builder.inputType('SourcePolicyInput', {
  description:
    'Absent keeps, null is as the server has it. Each list takes the place of the one there was: at most 100.',
  fields: (t) => ({
    schemes: t.stringList({ description: 'Of rtsp, rtsps, rtmp, rtmps, http, https and srt.' }),
    allowCidrs: t.stringList({ description: 'Ranges like 10.0.0.0/8 or fd00::/8.' }),
    denyCidrs: t.stringList(),
  }),
})
