import { builder } from './builder.ts'
import './scalars.ts'
import './node.ts'
import './stream.ts'
import './stream-list.ts'
import './stream-mutations.ts'
import './producer.ts'
import './media-node.ts'
import './event.ts'
import './project.ts'
import './viewer.ts'

export const schema = builder.toSchema()
