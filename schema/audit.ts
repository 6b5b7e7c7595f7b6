import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { type ErrorCode, WeirError } from '../src/errors.ts'
import { kindOfId } from '../src/ids.ts'
import type { GraphqlContext } from './context.ts'

/** What is known of a mutation that was resolved, by the name that it has in the answer. */
export interface MutationNote {
  /** What it was about: ids alone, of what was given and what was made. */
  ids: string[]
  /** Of one over many things that failed for each of them: the first one's error. */
  refusal: ErrorCode | null
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      audit: AuditPlugin<Types>
    }
  }
}

type Resolver = GraphQLFieldResolver<unknown, object>

/** Notes in the context what mutations are about, refused ones too: the outermost of the plugins. */
export class AuditPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolver: Resolver, field: PothosOutputFieldConfig<Types>): Resolver {
    if (field.parentType !== 'Mutation') return resolver
    return async (parent, args, context, info) => {
      const note: MutationNote = { ids: givenIds(args), refusal: null }
      ;(context as GraphqlContext).mutationNotes.set(String(info.path.key), note)
      const made = await resolver(parent, args, context, info)
      note.ids = [...madeIds(made), ...note.ids]
      note.refusal = commonRefusal(made)
      return made
    }
  }
}

/** The ids among arguments and their inputs: members called id, ids or …Id that are ids of ours. */
export function givenIds(args: Record<string, unknown>): string[] {
  const { input } = args
  return [args, ...(isObject(input) ? [input] : [])].flatMap((given) =>
    Object.entries(given).flatMap(([name, value]) =>
      /^ids?$|Id$/.test(name) ? (Array.isArray(value) ? value : [value]).filter(isId) : [],
    ),
  )
}

/** The id of what a mutation answers with, or of the session that it opened. */
function madeIds(made: unknown): string[] {
  if (!isObject(made)) return []
  return [made.id, isObject(made.consumer) ? made.consumer.id : null].filter(isId)
}

function commonRefusal(made: unknown): ErrorCode | null {
  if (!Array.isArray(made) || made.length === 0) return null
  const errors = made.map((one: unknown) => (isObject(one) ? one.error : null))
  return errors.every((error) => error instanceof WeirError) ? errors[0]!.code : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && kindOfId(value) !== null
}

export const auditPluginName = 'audit'
SchemaBuilder.registerPlugin(auditPluginName, AuditPlugin)
