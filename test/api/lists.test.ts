import { beforeAll, describe, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { newId } from '../../src/ids.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addEvents, addMediaNode, addProducer, addStream } from '../support/rows.ts'

const StreamNames = graphql(/* GraphQL */ `
  query StreamNames(
    $filter: StreamFilter
    $orderBy: StreamOrderBy
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id
        name
      }
      edges {
        cursor
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

const WholeGraph = graphql(/* GraphQL */ `
  query WholeGraph($first: Int) {
    streams(first: $first) {
      totalCount
      nodes {
        id
        project {
          name
        }
        mediaNode {
          name
        }
        producers(first: 5) {
          nodes {
            id
            bitrateBps
          }
        }
        events(first: 5) {
          edges {
            node {
              cursor
              type
            }
          }
        }
        process {
          pid
        }
      }
    }
  }
`)

const StreamEvents = graphql(/* GraphQL */ `
  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {
    events(filter: $filter, direction: $direction, first: $first, after: $after) {
      nodes {
        cursor
        type
        subject {
          id
          ... on Stream {
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

describeOnBothDatabases('lists', (database) => {
  let api: TestApi

  async function freshApi(): Promise<TestApi> {
    return createTestApi(database())
  }

  const names = async (variables: Parameters<typeof page>[0] = {}) =>
    (await page(variables)).nodes.map((node) => node!.name)
  async function page(variables: {
    filter?: object
    orderBy?: object
    first?: number
    after?: string | null
    last?: number
    before?: string | null
  }) {
    const answer = await api.query(StreamNames, variables as never)
    expect(answer.errors).toEqual([])
    return answer.data!.streams!
  }

  describe('pages', () => {
    beforeAll(async () => {
      api = await freshApi()
      for (const name of ['delta', 'alpha', 'charlie', 'bravo', 'echo'])
        await addStream(database().db, api.projectId, { name, stateSince: new Date('2026-01-01') })
      const elsewhere = await freshApi()
      await addStream(database().db, elsewhere.projectId, { name: 'of another project' })
      await addStream(database().db, api.projectId, { name: 'deleted', deletedAt: new Date() })
    })

    test('the newest comes first; other projects and deleted streams are not there', async () => {
      expect(await names()).toEqual(['echo', 'bravo', 'charlie', 'alpha', 'delta'])
    })

    test.each([
      [{ field: 'NAME', direction: 'ASC' }, ['alpha', 'bravo', 'charlie', 'delta', 'echo']],
      [{ field: 'NAME', direction: 'DESC' }, ['echo', 'delta', 'charlie', 'bravo', 'alpha']],
      [{ field: 'CREATED_AT', direction: 'ASC' }, ['delta', 'alpha', 'charlie', 'bravo', 'echo']],
      // The same time for all: the id decides, so that pages neither repeat nor skip.
      [{ field: 'STATE_SINCE', direction: 'ASC' }, ['delta', 'alpha', 'charlie', 'bravo', 'echo']],
    ])('%j, walked by pages of two in both directions', async (orderBy, expected) => {
      expect(await names({ orderBy })).toEqual(expected)

      const forwards: string[] = []
      let after: string | null = null
      for (let more = true; more; ) {
        const { nodes, pageInfo, totalCount } = await page({ orderBy, first: 2, after })
        expect(totalCount).toBe(5)
        expect(pageInfo.hasPreviousPage).toBe(after !== null)
        forwards.push(...nodes.map((node) => node!.name))
        after = pageInfo.endCursor ?? null
        more = pageInfo.hasNextPage
      }
      expect(forwards).toEqual(expected)

      const backwards: string[] = []
      let before: string | null = null
      for (let more = true; more; ) {
        const { nodes, pageInfo } = await page({ orderBy, last: 2, before })
        expect(pageInfo.hasNextPage).toBe(before !== null)
        backwards.unshift(...nodes.map((node) => node!.name))
        before = pageInfo.startCursor ?? null
        more = pageInfo.hasPreviousPage
      }
      expect(backwards).toEqual(expected)
    })

    test.each([
      [{ first: 101 }, 'first'],
      [{ last: 101 }, 'last'],
      [{ first: -1 }, 'first'],
      [{ last: -1 }, 'last'],
      [{ first: 2, last: 2 }, 'last'],
      [{ after: 'nonsense' }, 'after'],
      [{ before: 'nonsense' }, 'before'],
      [{ after: btoa('["streams-CREATED_AT:desc"]') }, 'after'],
      [{ after: btoa('["streams-NAME:asc","a","b"]') }, 'after'],
      [{ filter: { ids: ['producer_01h455vb4pex5vsknk084sn02q'] } }, 'filter.ids.0'],
      [{ filter: { ids: Array.from({ length: 101 }, () => newId('Stream')) } }, 'filter.ids'],
      [{ filter: { labels: ['a'] } }, 'filter.labels'],
    ])('%j is refused and names the argument', async (variables, field) => {
      const answer = await api.query(StreamNames, variables as never)
      expect(answer.data).toEqual({ streams: null })
      expect(answer.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: field }] })
    })

    test('a hundred is a page, and so is none', async () => {
      expect(await names({ first: 100 })).toHaveLength(5)
      expect(await names({ first: 0 })).toEqual([])
    })

    test("a wrong page inside blanks its own field, not its stream's", async () => {
      const answer = await api.query<{ streams: { nodes: unknown[] } }, never>(
        '{ streams(first: 1) { nodes { name producers(first: 101) { nodes { id } } } } }',
      )
      expect(answer.data?.streams.nodes).toEqual([{ name: 'echo', producers: null }])
      expect(answer.errors).toMatchObject([
        {
          path: ['streams', 'nodes', 0, 'producers'],
          extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'first' }] },
        },
      ])
    })
  })

  test('filters', async () => {
    api = await freshApi()
    const { db } = database()
    const live = await addStream(db, api.projectId, {
      name: 'Front 100%',
      state: 'LIVE',
      labels: { site: 'a', floor: '1' },
    })
    await addStream(db, api.projectId, { name: 'Back_yard', labels: { site: 'b' } })
    expect(await names({ filter: { states: ['LIVE'] } })).toEqual(['Front 100%'])
    expect(await names({ filter: { states: [] } })).toEqual([])
    expect(await names({ filter: { name: 'FRONT' } })).toEqual(['Front 100%'])
    expect(await names({ filter: { name: '%' } })).toEqual(['Front 100%'])
    expect(await names({ filter: { name: '_' } })).toEqual(['Back_yard'])
    expect(await names({ filter: { name: "'\\" } })).toEqual([])
    expect(await names({ filter: { labels: { site: 'a' } } })).toEqual(['Front 100%'])
    expect(await names({ filter: { labels: { site: 'b', floor: '1' } } })).toEqual([])
    expect(await names({ filter: { ids: [live.id, newId('Stream')] } })).toEqual(['Front 100%'])
  })

  test('the log: pages by place, in both directions, with what happened to whom', async () => {
    api = await freshApi()
    const { db } = database()
    const stream = await addStream(db, api.projectId, { name: 'watched' })
    const rows = await addEvents(db, stream, 5)
    const places = rows.map(({ cursor }) => String(cursor))
    await addEvents(db, await addStream(db, api.projectId), 3)
    const read = async (variables: object) => {
      const answer = await api.query(StreamEvents, variables as never)
      expect(answer.errors).toEqual([])
      return answer.data!.events!
    }
    const filter = { subjectId: stream.id }
    const first = await read({ filter, direction: 'ASC', first: 3 })
    expect(first.nodes.map((event) => event!.cursor)).toEqual(places.slice(0, 3))
    expect(first.nodes[0]).toMatchObject({ type: 'stream.ordered', subject: { id: stream.id, name: 'watched' } })
    const rest = await read({ filter, direction: 'ASC', first: 3, after: first.pageInfo.endCursor })
    expect(rest.nodes.map((event) => event!.cursor)).toEqual(places.slice(3))
    const newest = await read({ filter, direction: 'DESC', first: 2 })
    expect(newest.nodes.map((event) => event!.cursor)).toEqual(places.slice(3).reverse())
    // The cursor of a page is the event's own place in the log.
    expect(newest.pageInfo.endCursor).toBe(places[3])
  })

  test('a list of 100 streams joins all that is asked for in as few statements as one of 5', async () => {
    api = await freshApi()
    const { db, countStatements } = database()
    const node = await addMediaNode(db)
    for (let index = 0; index < 100; index++) {
      const stream = await addStream(db, api.projectId, { name: `stream ${index}`, mediaNodeId: node.id })
      await addProducer(db, stream)
      await addProducer(db, stream, { kind: 'AUDIO' })
      await addEvents(db, stream, 7)
    }
    const few = await countStatements(() => api.query(WholeGraph, { first: 5 }))
    const many = await countStatements(() => api.query(WholeGraph, { first: 100 }))
    expect(many.result.errors).toEqual([])
    const nodes = many.result.data!.streams!.nodes
    expect(nodes).toHaveLength(100)
    for (const stream of nodes) {
      expect(stream!.producers!.nodes).toHaveLength(2)
      expect(stream!.events!.edges).toHaveLength(5)
      expect(stream!.mediaNode!.name).toBe('node-a')
      expect(stream!.project!.name).toBe('Test')
    }
    expect(many.statements).toHaveLength(few.statements.length)
    // The page with everything joined, and the count.
    expect(many.statements).toHaveLength(2)
    // One conversation with the nodes for all figures of the answer.
    expect(api.figureReads.map((ids) => ids.length)).toEqual([5, 100])
  })
})
