import type { GraphQLSchema } from 'graphql'
import { type Access, accessOf, mayAccess } from '../../schema/access.ts'
import type { Caller } from '../caller.ts'
import { type Heartbeats, maxHeartbeatsAtOnce } from '../heartbeats/service.ts'
import { RecentMap } from '../platform/recent-map.ts'
import { answerWriter } from './heartbeat-answer.ts'
import { readHeartbeatDocument } from './heartbeat-document.ts'
import { isObject, readHeartbeat, readHeartbeats } from './heartbeat-input.ts'

/** What came of a request, as the JSON of `{ data }`; `token` is the new one that a single answer brought. */
export interface PlannedAnswer {
  text: string
  token: string | null
}

/** How one document is answered without graphql-js. */
export interface HeartbeatPlan {
  /** The root field. */
  endpoint: string
  /**
   * The answer that GraphQL would give. Null (at once or later) where that is not plain: then GraphQL has to be asked, from the beginning. A heartbeat
   * that was taken before may so be taken twice, which changes nothing.
   */
  answer(
    heartbeats: Heartbeats,
    caller: Caller,
    variables: unknown,
  ): PlannedAnswer | Promise<PlannedAnswer | null> | null
}

export type FindPlan = (query: unknown, operationName: unknown) => HeartbeatPlan | null

/** Documents that are remembered, each with how it is answered or that it is not. */
const maxDocuments = 200
const maxTextLength = 2000

/** Finds how a request's document is answered; null for all that does not plainly record heartbeats. */
export function heartbeatPlans(schema: GraphQLSchema): FindPlan {
  const known = new RecentMap<string, { name: string | null; plan: HeartbeatPlan } | null>(maxDocuments)
  return (query, operationName) => {
    if (typeof query !== 'string' || query.length > maxTextLength) return null
    let entry = known.get(query)
    if (entry === undefined) {
      if (!query.includes('recordHeartbeat')) return null
      entry = compile(schema, query)
      known.set(query, entry)
    }
    return entry && (operationName == null || operationName === entry.name) ? entry.plan : null
  }
}

function compile(schema: GraphQLSchema, text: string): { name: string | null; plan: HeartbeatPlan } | null {
  const document = readHeartbeatDocument(schema, text)
  const write = document && answerWriter(document)
  if (!write) return null
  const { field, variables: names, selected, operationName } = document
  const asked = selected.filter((one) => one.field !== '__typename').map((one) => accessOf('Heartbeat', one.field))
  const accesses: Access[] = [...new Set([accessOf('Mutation', field), ...asked])]
  const mayAsk = (caller: Caller) => accesses.every((access) => mayAccess(caller, access))
  const nobody = () => null

  function one(heartbeats: Heartbeats, caller: Caller, variables: Record<string, unknown>) {
    const input = readHeartbeat(variables[names.consumerId!], names.stats === null ? null : variables[names.stats])
    if (!input) return null
    const answer = heartbeats.heartbeat(caller, input.consumerId, input.stats)
    return answer instanceof Promise
      ? answer.then((found) => ({ text: write!([found]), token: found.token }), nobody)
      : { text: write!([answer]), token: answer.token }
  }

  function many(heartbeats: Heartbeats, caller: Caller, variables: Record<string, unknown>) {
    const list = readHeartbeats(variables[names.heartbeats!], maxHeartbeatsAtOnce)
    return list && heartbeats.heartbeats(caller, list).then((found) => ({ text: write!(found), token: null }), nobody)
  }

  const answer = field === 'recordHeartbeat' ? one : many
  return {
    name: operationName,
    plan: {
      endpoint: field,
      answer(heartbeats, caller, variables) {
        if (!isObject(variables) || !mayAsk(caller)) return null
        try {
          return answer(heartbeats, caller, variables)
        } catch {
          return null
        }
      },
    },
  }
}
