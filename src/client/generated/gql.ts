/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  subscription Wall($withKey: Boolean!) {\n    streams(intervalSeconds: 2) {\n      reset\n      complete\n      removedIds\n      at\n      changed {\n        id\n        name\n        state\n        stateReason\n        stateSince\n        desiredState\n        uptimeSeconds\n        source @include(if: $withKey) {\n          kind\n          url\n        }\n        process {\n          cpuPercent\n          memoryBytes\n          fps\n          bitrateBps\n          restarts\n          measuredAt\n        }\n        consumerCounts @include(if: $withKey) {\n          total\n          active\n        }\n        health {\n          status\n          issues {\n            type\n            severity\n            track\n            reason\n            since\n          }\n        }\n        tracks {\n          kind\n          codec\n          width\n          height\n        }\n      }\n    }\n  }\n": typeof types.WallDocument,
    "\n  query History($id: ID!, $from: DateTime!, $maxPoints: Int!, $withKey: Boolean!) {\n    stream(id: $id) {\n      id\n      healthTimeline(from: $from, maxPoints: $maxPoints) {\n        bucketSeconds\n        points {\n          from\n          to\n          status\n          fps\n          bitrateBps\n          cpuPercent\n          restarts\n          issues\n        }\n      }\n      recovery @include(if: $withKey) {\n        enabled\n        restarts\n        lastRestartAt\n      }\n      recoveryAttempts(first: 20) @include(if: $withKey) {\n        nodes {\n          id\n          number\n          cause\n          action\n          outcome\n          startedAt\n          downtimeSeconds\n          log\n        }\n      }\n    }\n  }\n": typeof types.HistoryDocument,
    "\n  query Viewer {\n    viewer {\n      scopes\n    }\n  }\n": typeof types.ViewerDocument,
    "\n  mutation AddStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n": typeof types.AddStreamDocument,
    "\n    mutation Start($id: ID!) {\n      startStream(id: $id) {\n        id\n      }\n    }\n  ": typeof types.StartDocument,
    "\n    mutation Stop($id: ID!) {\n      stopStream(id: $id) {\n        id\n      }\n    }\n  ": typeof types.StopDocument,
    "\n    mutation Restart($id: ID!) {\n      restartStream(id: $id) {\n        id\n      }\n    }\n  ": typeof types.RestartDocument,
    "\n  query Health {\n    viewer {\n      scopes\n    }\n    streams {\n      totalCount\n      nodes {\n        id\n        name\n        state\n        stateSince\n        desiredState\n        uptimeSeconds\n        process {\n          status\n          healthy\n          pid\n          cpuPercent\n          memoryBytes\n          uptimeSeconds\n        }\n        producers {\n          nodes {\n            id\n            kind\n            state\n            ssrcs\n            uptimeSeconds\n          }\n        }\n        playback {\n          whepUrl\n        }\n      }\n    }\n  }\n": typeof types.HealthDocument,
    "\n  mutation OpenSession($input: OpenConsumerInput!, $idempotencyKey: String) {\n    openConsumer(input: $input, idempotencyKey: $idempotencyKey) {\n      consumer {\n        id\n        clientId\n        source\n        state\n        protocol\n        sessionSeconds\n        tracks {\n          id\n        }\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n      }\n      url\n    }\n  }\n": typeof types.OpenSessionDocument,
    "\n  mutation CloseSession($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      state\n      closeReason\n      closeMessage\n    }\n  }\n": typeof types.CloseSessionDocument,
    "\n  query Sessions($filter: ConsumerFilter, $first: Int, $after: String) {\n    consumers(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        clientId\n        source\n        state\n        protocol\n        openedAt\n        lastHeartbeatAt\n        closedAt\n        closeReason\n        closeMessage\n        sessionSeconds\n        bitrateBps\n        bytesSent\n        packetsLost\n        roundTripMs\n        measuredAt\n        playerStats\n        tracks {\n          id\n          producerId\n          kind\n          paused\n          consumerOptions\n        }\n        stream {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SessionsDocument,
    "\n  query SessionsOfStreams($first: Int, $filter: ConsumerFilter) {\n    streams(first: $first) {\n      nodes {\n        id\n        consumerCounts {\n          total\n          active\n        }\n        health {\n          consumers {\n            total\n            active\n          }\n        }\n        consumers(first: 3, filter: $filter) {\n          nodes {\n            id\n            state\n            lastHeartbeatAt\n            bitrateBps\n          }\n        }\n      }\n    }\n  }\n": typeof types.SessionsOfStreamsDocument,
    "\n  query OneSession($id: ID!) {\n    consumer(id: $id) {\n      id\n      clientId\n      state\n      stream {\n        name\n        labels\n      }\n    }\n  }\n": typeof types.OneSessionDocument,
    "\n  subscription WatchSession($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Consumer {\n        state\n        closeReason\n        closeMessage\n      }\n    }\n  }\n": typeof types.WatchSessionDocument,
    "\n  subscription WatchLog($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        id\n        cursor\n        type\n        subjectId\n        data\n        subject {\n          id\n        }\n      }\n      ... on Checkpoint {\n        cursor\n        at\n        caughtUp\n      }\n      ... on Gap {\n        missed\n        cursor\n      }\n    }\n  }\n": typeof types.WatchLogDocument,
    "\n  subscription ReadLog($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        cursor\n        subjectId\n      }\n    }\n  }\n": typeof types.ReadLogDocument,
    "\n  query ListLog {\n    events(direction: ASC, first: 100) {\n      nodes {\n        id\n        cursor\n      }\n    }\n  }\n": typeof types.ListLogDocument,
    "\n  query Figures($id: ID!) {\n    stream(id: $id) {\n      uptimeSeconds\n      process {\n        status\n        healthy\n        pid\n        restarts\n        lastExit {\n          code\n          cause\n          at\n          log\n        }\n      }\n      tracks {\n        kind\n        codec\n        width\n        fps\n        bitrateBps\n        lastProgressAt\n      }\n      producers {\n        nodes {\n          state\n          bitrateBps\n          packets\n          packetsLost\n          jitterMs\n          score\n          measuredAt\n        }\n      }\n    }\n  }\n": typeof types.FiguresDocument,
    "\n  query StreamHealth($id: ID!) {\n    streamHealth(streamId: $id) {\n      streamId\n      status\n      issues {\n        type\n        severity\n        track\n        reason\n        since\n        evidence\n      }\n      process {\n        status\n        pid\n      }\n      producers {\n        producerId\n        state\n        uptimeSeconds\n      }\n      at\n    }\n  }\n": typeof types.StreamHealthDocument,
    "\n  query StreamHealthStatistics($id: ID!) {\n    stream(id: $id) {\n      health {\n        status\n        producers {\n          bitrateBps\n          packetsLost\n        }\n        consumers {\n          active\n        }\n      }\n    }\n  }\n": typeof types.StreamHealthStatisticsDocument,
    "\n  query StreamsByHealth($filter: StreamFilter) {\n    streams(filter: $filter) {\n      totalCount\n      nodes {\n        id\n      }\n    }\n  }\n": typeof types.StreamsByHealthDocument,
    "\n  query StreamNames(\n    $filter: StreamFilter\n    $orderBy: StreamOrderBy\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n      edges {\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.StreamNamesDocument,
    "\n  query WholeGraph($first: Int) {\n    streams(first: $first) {\n      totalCount\n      nodes {\n        id\n        project {\n          name\n        }\n        mediaNode {\n          name\n        }\n        producers(first: 5) {\n          nodes {\n            id\n            bitrateBps\n          }\n        }\n        events(first: 5) {\n          edges {\n            node {\n              cursor\n              type\n            }\n          }\n        }\n        process {\n          pid\n        }\n      }\n    }\n  }\n": typeof types.WholeGraphDocument,
    "\n  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {\n    events(filter: $filter, direction: $direction, first: $first, after: $after) {\n      nodes {\n        cursor\n        type\n        subject {\n          id\n          ... on Stream {\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.StreamEventsDocument,
    "\n  mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {\n    createStream(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      labels\n      maxConsumers\n      desiredState\n      state\n      generation\n      source {\n        kind\n        url\n        options\n      }\n      producers {\n        nodes {\n          id\n        }\n      }\n    }\n  }\n": typeof types.CreateStreamDocument,
    "\n  mutation UpdateStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      name\n      labels\n      maxConsumers\n      source {\n        kind\n        options\n      }\n    }\n  }\n": typeof types.UpdateStreamDocument,
    "\n  mutation OrderStream($id: ID!) {\n    startStream(id: $id) {\n      desiredState\n      generation\n      observedGeneration\n    }\n    restartStream(id: $id) {\n      desiredState\n      generation\n    }\n    stopStream(id: $id) {\n      desiredState\n      generation\n    }\n    deleteStream(id: $id) {\n      deletedAt\n    }\n  }\n": typeof types.OrderStreamDocument,
    "\n  mutation StartStreams($ids: [ID!]!) {\n    startStreams(ids: $ids) {\n      id\n      stream {\n        name\n        desiredState\n      }\n      error {\n        code\n        message\n      }\n    }\n  }\n": typeof types.StartStreamsDocument,
    "\n  mutation CloseAndCreateProducer($id: ID!, $input: CreateProducerInput!) {\n    closeProducer(id: $id) {\n      state\n      closeReason\n      stream {\n        name\n      }\n    }\n    createProducer(input: $input) {\n      id\n      kind\n      state\n      stream {\n        producers(first: 1) {\n          nodes {\n            kind\n          }\n        }\n      }\n    }\n  }\n": typeof types.CloseAndCreateProducerDocument,
    "\n  query EveryKind($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on Stream {\n        mediaNode {\n          name\n          streams\n        }\n        producers {\n          nodes {\n            id\n          }\n        }\n      }\n      ... on Producer {\n        stream {\n          name\n        }\n      }\n      ... on Event {\n        actor {\n          name\n          apiKey {\n            prefix\n          }\n        }\n        subject {\n          __typename\n          id\n        }\n      }\n      ... on MediaNode {\n        capacity\n        draining\n        version\n      }\n      ... on Project {\n        publicHealth\n        apiKeys(first: 1) {\n          nodes {\n            prefix\n            scopes\n          }\n          pageInfo {\n            hasNextPage\n          }\n        }\n      }\n      ... on ApiKey {\n        scopes\n        revokedAt\n      }\n    }\n    mediaNodes {\n      id\n    }\n    project {\n      id\n    }\n  }\n": typeof types.EveryKindDocument,
    "\n  mutation CreateTestProject($name: String!, $idempotencyKey: String) {\n    createProject(input: { name: $name }, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      publicHealth\n    }\n  }\n": typeof types.CreateTestProjectDocument,
    "\n  mutation UpdateTestProject($id: ID!, $input: UpdateProjectInput!) {\n    updateProject(id: $id, input: $input) {\n      name\n      publicHealth\n      quotas {\n        requestsPerMinute\n      }\n      sourcePolicy {\n        schemes\n        allowCidrs\n        denyCidrs\n      }\n    }\n  }\n": typeof types.UpdateTestProjectDocument,
    "\n  mutation CreateTestKey($input: CreateApiKeyInput!, $idempotencyKey: String) {\n    createApiKey(input: $input, idempotencyKey: $idempotencyKey) {\n      key\n      apiKey {\n        id\n        prefix\n        scopes\n        expiresAt\n        revokedAt\n      }\n    }\n  }\n": typeof types.CreateTestKeyDocument,
    "\n  mutation RevokeTestKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      id\n      revokedAt\n    }\n  }\n": typeof types.RevokeTestKeyDocument,
    "\n  query TestProjects($after: String, $id: ID!) {\n    projects(first: 1, after: $after) {\n      nodes {\n        id\n        apiKeys {\n          nodes {\n            id\n          }\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n    project(id: $id) {\n      name\n    }\n    node(id: $id) {\n      id\n    }\n  }\n": typeof types.TestProjectsDocument,
    "\n  query WhoAmI {\n    viewer {\n      scopes\n      project {\n        id\n      }\n    }\n  }\n": typeof types.WhoAmIDocument,
    "\n  query Attempts($streamId: ID, $from: DateTime, $to: DateTime, $first: Int, $after: String) {\n    recoveryAttempts(streamId: $streamId, from: $from, to: $to, first: $first, after: $after) {\n      nodes {\n        id\n        number\n        cause\n        evidence\n        action\n        outcome\n        startedAt\n        endedAt\n        downtimeSeconds\n        log\n        stream {\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AttemptsDocument,
    "\n  query StreamRecovery($first: Int) {\n    streams(first: $first) {\n      nodes {\n        id\n        recovery {\n          enabled\n          restarts\n          lastRestartAt\n          sourceRetries\n          recentAttempts\n          coolingDownUntil\n        }\n        recoveryAttempts(first: 2) {\n          nodes {\n            id\n            outcome\n          }\n        }\n      }\n    }\n  }\n": typeof types.StreamRecoveryDocument,
    "\n  query Stats($streamId: ID) {\n    recoveryStats(streamId: $streamId) {\n      enabled\n      restarts\n      sourceRetries\n      recentAttempts\n    }\n  }\n": typeof types.StatsDocument,
    "\n  query AttemptNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on RecoveryAttempt {\n        cause\n        stream {\n          id\n        }\n      }\n    }\n  }\n": typeof types.AttemptNodeDocument,
    "\n  mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {\n    createReservation(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      streamId\n      source\n      holder\n      state\n      createdAt\n      activatedAt\n      releasedAt\n      expiresAt\n      stream {\n        name\n      }\n    }\n  }\n": typeof types.CreateReservationDocument,
    "\n  mutation ReleaseReservation($id: ID!) {\n    releaseReservation(id: $id) {\n      state\n      releasedAt\n    }\n  }\n": typeof types.ReleaseReservationDocument,
    "\n  mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {\n    extendReservation(id: $id, holdSeconds: $holdSeconds) {\n      state\n      expiresAt\n    }\n  }\n": typeof types.ExtendReservationDocument,
    "\n  query OneReservation($id: ID!) {\n    reservation(id: $id) {\n      id\n      state\n    }\n    node(id: $id) {\n      id\n      ... on Reservation {\n        source\n        stream {\n          id\n        }\n      }\n    }\n  }\n": typeof types.OneReservationDocument,
    "\n  query Reservations($streamId: ID!, $filter: ReservationFilter, $first: Int, $after: String) {\n    reservations(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        state\n        stream {\n          name\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n    reservationCounts {\n      ...Counts\n    }\n    ofStream: reservationCounts(streamId: $streamId) {\n      ...Counts\n    }\n    stream(id: $streamId) {\n      reservations(filter: $filter, first: $first) {\n        totalCount\n        nodes {\n          id\n        }\n      }\n      reservationCounts {\n        ...Counts\n      }\n    }\n  }\n  fragment Counts on ReservationCounts {\n    total\n    active\n    bySource {\n      source\n      total\n      active\n      limit\n    }\n  }\n": typeof types.ReservationsDocument,
    "\n  mutation UpdateProject($id: ID!, $input: UpdateProjectInput!) {\n    updateProject(id: $id, input: $input) {\n      name\n      quotas {\n        maxConsumers\n        maxReservations\n        perSource\n      }\n    }\n  }\n": typeof types.UpdateProjectDocument,
    "\n  mutation OnDemand($id: ID!, $create: CreateStreamInput!, $update: UpdateStreamInput!) {\n    createStream(input: $create) {\n      id\n      onDemand\n    }\n    updateStream(id: $id, input: $update) {\n      onDemand\n    }\n  }\n": typeof types.OnDemandDocument,
    "\n  subscription WatchHealth($streamId: ID!, $after: String, $intervalSeconds: Int! = 1) {\n    streamHealth(streamId: $streamId, after: $after, intervalSeconds: $intervalSeconds) {\n      __typename\n      ... on StreamHealth {\n        streamId\n        status\n        issues {\n          type\n        }\n      }\n      ... on HealthChange {\n        cursor\n        status\n        previous\n        opened {\n          type\n          severity\n          track\n          reason\n          since\n          evidence\n        }\n        closed\n      }\n      ... on Checkpoint {\n        cursor\n        caughtUp\n      }\n      ... on Gap {\n        missed\n      }\n    }\n  }\n": typeof types.WatchHealthDocument,
    "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      changed {\n        id\n        name\n        state\n        producers(first: 5) {\n          nodes {\n            state\n          }\n        }\n      }\n      removedIds\n    }\n  }\n": typeof types.WatchStreamsDocument,
    "\n  subscription WatchFigures {\n    streams(intervalSeconds: 1) {\n      reset\n      changed {\n        id\n        process {\n          cpuPercent\n        }\n      }\n    }\n  }\n": typeof types.WatchFiguresDocument,
    "\n  subscription WatchNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Stream {\n        name\n        deletedAt\n      }\n      ... on Producer {\n        state\n        stream {\n          name\n        }\n      }\n    }\n  }\n": typeof types.WatchNodeDocument,
    "\n  query SystemHealthSummary {\n    systemHealth {\n      status\n      message\n      at\n      durationMs\n      components {\n        component\n        name\n        status\n        message\n        responseTimeMs\n        checkedAt\n      }\n      summary {\n        total\n        healthy\n        warning\n        critical\n        unknown\n      }\n      streams {\n        total\n        byState {\n          state\n          count\n        }\n      }\n      activeProcesses\n      activeProducers\n      activeConsumers\n    }\n  }\n": typeof types.SystemHealthSummaryDocument,
    "\n  subscription WatchSystemHealth {\n    systemHealth {\n      status\n      message\n    }\n  }\n": typeof types.WatchSystemHealthDocument,
    "\n  query PastOfStream($id: ID!, $from: DateTime!, $to: DateTime, $maxPoints: Int!) {\n    stream(id: $id) {\n      healthTimeline(from: $from, to: $to, maxPoints: $maxPoints) {\n        bucketSeconds\n        points {\n          from\n          to\n          status\n          livePercent\n          fps\n          bitrateBps\n          cpuPercent\n          memoryBytes\n          restarts\n          issues\n        }\n      }\n    }\n  }\n": typeof types.PastOfStreamDocument,
    "\n  query MomentOfStream($id: ID!, $time: DateTime!) {\n    stream(id: $id) {\n      healthAt(time: $time) {\n        streamId\n        status\n        at\n        issues {\n          type\n          severity\n          track\n          reason\n          since\n          evidence\n        }\n        process {\n          pid\n        }\n        producers {\n          producerId\n        }\n      }\n    }\n  }\n": typeof types.MomentOfStreamDocument,
    "\n  query PastOfWall($from: DateTime!, $to: DateTime) {\n    streams(first: 50) {\n      nodes {\n        id\n        healthTimeline(from: $from, to: $to, maxPoints: 60) {\n          points {\n            consumers\n          }\n        }\n      }\n    }\n  }\n": typeof types.PastOfWallDocument,
    "\n  query PastOfSystem($from: DateTime!, $to: DateTime, $time: DateTime!) {\n    systemMetrics(from: $from, to: $to, maxPoints: 10) {\n      bucketSeconds\n      points {\n        at\n        cpuPercent\n        diskPercent\n        activeStreams\n        activeConsumers\n        temporaryFolderBytes\n        eventLoopLagMs\n      }\n    }\n    systemHealthTimeline(from: $from, to: $to, maxPoints: 10) {\n      points {\n        status\n        unhealthyComponents\n        streamsByState {\n          state\n          count\n        }\n      }\n    }\n    systemHealthAt(time: $time) {\n      status\n      at\n      components {\n        component\n        status\n      }\n      summary {\n        total\n        healthy\n        critical\n      }\n    }\n  }\n": typeof types.PastOfSystemDocument,
    "\n  subscription WatchWall($after: String) {\n    streams(intervalSeconds: 1, after: $after) {\n      reset\n      complete\n      cursor\n      removedIds\n      changed {\n        id\n        name\n        state\n        uptimeSeconds\n        health {\n          status\n        }\n        process {\n          cpuPercent\n          fps\n          bitrateBps\n        }\n      }\n    }\n  }\n": typeof types.WatchWallDocument,
    "\n  mutation OpenOnDemand($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      consumer {\n        id\n      }\n      transportOptions\n      url\n    }\n  }\n": typeof types.OpenOnDemandDocument,
    "\n  mutation CloseOnDemand($id: ID!) {\n    closeConsumer(id: $id) {\n      closeReason\n    }\n  }\n": typeof types.CloseOnDemandDocument,
    "\n  query SessionOnDemand($id: ID!) {\n    consumer(id: $id) {\n      state\n      closeReason\n    }\n  }\n": typeof types.SessionOnDemandDocument,
    "\n  query ReservingProject {\n    viewer {\n      project {\n        id\n      }\n    }\n  }\n": typeof types.ReservingProjectDocument,
    "\n  mutation LimitSources($id: ID!, $perSource: JSON) {\n    updateProject(id: $id, input: { quotas: { perSource: $perSource } }) {\n      id\n    }\n  }\n": typeof types.LimitSourcesDocument,
    "\n  mutation Reserve($input: CreateReservationInput!) {\n    createReservation(input: $input) {\n      id\n    }\n  }\n": typeof types.ReserveDocument,
    "\n  mutation OpenReserved($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      consumer {\n        id\n        source\n      }\n      url\n    }\n  }\n": typeof types.OpenReservedDocument,
    "\n  mutation Release($id: ID!) {\n    releaseReservation(id: $id) {\n      state\n    }\n  }\n": typeof types.ReleaseDocument,
    "\n  query SeenReservation($id: ID!, $session: ID!) {\n    reservation(id: $id) {\n      state\n    }\n    consumer(id: $session) {\n      state\n      closeReason\n      closeMessage\n    }\n    reservationCounts {\n      total\n      active\n      bySource {\n        source\n        total\n        active\n        limit\n      }\n    }\n  }\n": typeof types.SeenReservationDocument,
    "\n  mutation CreateTestStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n": typeof types.CreateTestStreamDocument,
    "\n  mutation UpdateTestStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      id\n    }\n  }\n": typeof types.UpdateTestStreamDocument,
    "\n  mutation DeleteTestStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n    }\n  }\n": typeof types.DeleteTestStreamDocument,
    "\n  mutation StartTestStream($id: ID!) {\n    startStream(id: $id) {\n      id\n    }\n  }\n": typeof types.StartTestStreamDocument,
    "\n  mutation StopTestStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n    }\n  }\n": typeof types.StopTestStreamDocument,
    "\n  mutation RestartTestStream($id: ID!) {\n    restartStream(id: $id) {\n      id\n    }\n  }\n": typeof types.RestartTestStreamDocument,
    "\n  mutation CloseTestProducer($id: ID!) {\n    closeProducer(id: $id) {\n      id\n    }\n  }\n": typeof types.CloseTestProducerDocument,
    "\n  query TestStream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      desiredState\n      generation\n      observedGeneration\n      state\n      stateReason\n      stateSince\n      process {\n        pid\n        status\n        restarts\n        lastExit {\n          cause\n          log\n        }\n      }\n      producers(first: 20) {\n        nodes {\n          id\n          kind\n          state\n        }\n      }\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n": typeof types.TestStreamDocument,
    "\n  query TestStreamHealth($id: ID!) {\n    stream(id: $id) {\n      state\n      stateCause\n      health {\n        status\n        issues {\n          type\n          track\n          severity\n          since\n          reason\n          evidence\n        }\n      }\n    }\n  }\n": typeof types.TestStreamHealthDocument,
    "\n  query TestStreamEvents($subjectId: ID!, $types: [String!]) {\n    events(filter: { subjectId: $subjectId, types: $types }, direction: ASC, first: 100) {\n      nodes {\n        cursor\n        type\n        at\n        data\n      }\n    }\n  }\n": typeof types.TestStreamEventsDocument,
    "\n  query TestStreams {\n    streams(first: 100) {\n      totalCount\n      nodes {\n        id\n        name\n        state\n      }\n    }\n  }\n": typeof types.TestStreamsDocument,
    "\n  mutation CreateTestProducer($input: CreateProducerInput!) {\n    createProducer(input: $input) {\n      id\n    }\n  }\n": typeof types.CreateTestProducerDocument,
    "\n  subscription WatchTestStream($id: ID!) {\n    node(id: $id) {\n      ... on Stream {\n        state\n        stateReason\n      }\n    }\n  }\n": typeof types.WatchTestStreamDocument,
    "\n  query TestStreamTracks($id: ID!) {\n    stream(id: $id) {\n      tracks {\n        kind\n        codec\n        lastProgressAt\n      }\n    }\n  }\n": typeof types.TestStreamTracksDocument,
    "\n  query TestCluster {\n    mediaNodes {\n      id\n      name\n      status\n      draining\n      streams\n    }\n    streams(first: 100) {\n      nodes {\n        id\n        state\n        stateCause\n        process {\n          pid\n        }\n        consumerCounts {\n          active\n        }\n        mediaNode {\n          name\n        }\n      }\n    }\n  }\n": typeof types.TestClusterDocument,
    "\n  query TestRecoveryAttempts($streamId: ID!) {\n    recoveryAttempts(streamId: $streamId, first: 100) {\n      nodes {\n        id\n        number\n        cause\n        evidence\n        action\n        outcome\n        startedAt\n        endedAt\n        downtimeSeconds\n        log\n      }\n    }\n    recoveryStats(streamId: $streamId) {\n      enabled\n      restarts\n      recentAttempts\n    }\n  }\n": typeof types.TestRecoveryAttemptsDocument,
    "\n  mutation DrainTestNode($id: ID!, $draining: Boolean!) {\n    drainMediaNode(id: $id, draining: $draining) {\n      draining\n      status\n    }\n  }\n": typeof types.DrainTestNodeDocument,
    "\n  mutation OpenTestSession($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      token\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      url\n      consumer {\n        id\n        state\n      }\n      tracks {\n        id\n        kind\n        paused\n      }\n    }\n  }\n": typeof types.OpenTestSessionDocument,
    "\n  mutation ReopenTestSession($id: ID!, $rtpCapabilities: RtpCapabilities) {\n    reopenConsumer(id: $id, rtpCapabilities: $rtpCapabilities) {\n      token\n      transportOptions\n      consumer {\n        id\n        state\n      }\n      tracks {\n        id\n        kind\n      }\n    }\n  }\n": typeof types.ReopenTestSessionDocument,
    "\n  mutation ConsumeTestSession($id: ID!, $rtpCapabilities: RtpCapabilities!) {\n    consume(id: $id, rtpCapabilities: $rtpCapabilities) {\n      id\n      kind\n      paused\n    }\n  }\n": typeof types.ConsumeTestSessionDocument,
    "\n  mutation ConnectTestSession($id: ID!, $dtlsParameters: DtlsParametersInput!) {\n    connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {\n      id\n    }\n    resumeConsumer(id: $id) {\n      id\n    }\n  }\n": typeof types.ConnectTestSessionDocument,
    "\n  mutation PauseTestSession($id: ID!, $kinds: [MediaKind!]) {\n    pauseConsumer(id: $id, kinds: $kinds) {\n      id\n    }\n  }\n": typeof types.PauseTestSessionDocument,
    "\n  mutation ResumeTestSession($id: ID!, $kinds: [MediaKind!]) {\n    resumeConsumer(id: $id, kinds: $kinds) {\n      id\n    }\n  }\n": typeof types.ResumeTestSessionDocument,
    "\n  mutation RestartTestSessionIce($id: ID!) {\n    restartConsumerIce(id: $id)\n  }\n": typeof types.RestartTestSessionIceDocument,
    "\n  mutation CloseTestSession($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n": typeof types.CloseTestSessionDocument,
    "\n  mutation BeatTestSession($id: ID!) {\n    recordHeartbeat(consumerId: $id, stats: { framesDecoded: 7 }) {\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      token\n    }\n  }\n": typeof types.BeatTestSessionDocument,
    "\n  mutation BeatTestSessions($heartbeats: [HeartbeatInput!]!) {\n    recordHeartbeats(heartbeats: $heartbeats) {\n      consumerId\n      accepted\n    }\n  }\n": typeof types.BeatTestSessionsDocument,
    "\n  query TestSession($id: ID!) {\n    consumer(id: $id) {\n      id\n      streamId\n      clientId\n      protocol\n      state\n      closeReason\n      closeMessage\n      openedAt\n      closedAt\n      lastHeartbeatAt\n      playerStats\n      bitrateBps\n      bytesSent\n      packetsLost\n      roundTripMs\n      tracks {\n        id\n        kind\n        paused\n      }\n    }\n  }\n": typeof types.TestSessionDocument,
    "\n  query TestSessions($filter: ConsumerFilter, $first: Int, $after: String) {\n    consumers(filter: $filter, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        clientId\n        protocol\n        source\n        lastHeartbeatAt\n        state\n        closeReason\n        closeMessage\n        tracks {\n          id\n        }\n      }\n    }\n  }\n": typeof types.TestSessionsDocument,
    "\n  query TestSessionCounts($id: ID!) {\n    stream(id: $id) {\n      consumerCounts {\n        active\n        total\n      }\n    }\n  }\n": typeof types.TestSessionCountsDocument,
};
const documents: Documents = {
    "\n  subscription Wall($withKey: Boolean!) {\n    streams(intervalSeconds: 2) {\n      reset\n      complete\n      removedIds\n      at\n      changed {\n        id\n        name\n        state\n        stateReason\n        stateSince\n        desiredState\n        uptimeSeconds\n        source @include(if: $withKey) {\n          kind\n          url\n        }\n        process {\n          cpuPercent\n          memoryBytes\n          fps\n          bitrateBps\n          restarts\n          measuredAt\n        }\n        consumerCounts @include(if: $withKey) {\n          total\n          active\n        }\n        health {\n          status\n          issues {\n            type\n            severity\n            track\n            reason\n            since\n          }\n        }\n        tracks {\n          kind\n          codec\n          width\n          height\n        }\n      }\n    }\n  }\n": types.WallDocument,
    "\n  query History($id: ID!, $from: DateTime!, $maxPoints: Int!, $withKey: Boolean!) {\n    stream(id: $id) {\n      id\n      healthTimeline(from: $from, maxPoints: $maxPoints) {\n        bucketSeconds\n        points {\n          from\n          to\n          status\n          fps\n          bitrateBps\n          cpuPercent\n          restarts\n          issues\n        }\n      }\n      recovery @include(if: $withKey) {\n        enabled\n        restarts\n        lastRestartAt\n      }\n      recoveryAttempts(first: 20) @include(if: $withKey) {\n        nodes {\n          id\n          number\n          cause\n          action\n          outcome\n          startedAt\n          downtimeSeconds\n          log\n        }\n      }\n    }\n  }\n": types.HistoryDocument,
    "\n  query Viewer {\n    viewer {\n      scopes\n    }\n  }\n": types.ViewerDocument,
    "\n  mutation AddStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n": types.AddStreamDocument,
    "\n    mutation Start($id: ID!) {\n      startStream(id: $id) {\n        id\n      }\n    }\n  ": types.StartDocument,
    "\n    mutation Stop($id: ID!) {\n      stopStream(id: $id) {\n        id\n      }\n    }\n  ": types.StopDocument,
    "\n    mutation Restart($id: ID!) {\n      restartStream(id: $id) {\n        id\n      }\n    }\n  ": types.RestartDocument,
    "\n  query Health {\n    viewer {\n      scopes\n    }\n    streams {\n      totalCount\n      nodes {\n        id\n        name\n        state\n        stateSince\n        desiredState\n        uptimeSeconds\n        process {\n          status\n          healthy\n          pid\n          cpuPercent\n          memoryBytes\n          uptimeSeconds\n        }\n        producers {\n          nodes {\n            id\n            kind\n            state\n            ssrcs\n            uptimeSeconds\n          }\n        }\n        playback {\n          whepUrl\n        }\n      }\n    }\n  }\n": types.HealthDocument,
    "\n  mutation OpenSession($input: OpenConsumerInput!, $idempotencyKey: String) {\n    openConsumer(input: $input, idempotencyKey: $idempotencyKey) {\n      consumer {\n        id\n        clientId\n        source\n        state\n        protocol\n        sessionSeconds\n        tracks {\n          id\n        }\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n      }\n      url\n    }\n  }\n": types.OpenSessionDocument,
    "\n  mutation CloseSession($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      state\n      closeReason\n      closeMessage\n    }\n  }\n": types.CloseSessionDocument,
    "\n  query Sessions($filter: ConsumerFilter, $first: Int, $after: String) {\n    consumers(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        clientId\n        source\n        state\n        protocol\n        openedAt\n        lastHeartbeatAt\n        closedAt\n        closeReason\n        closeMessage\n        sessionSeconds\n        bitrateBps\n        bytesSent\n        packetsLost\n        roundTripMs\n        measuredAt\n        playerStats\n        tracks {\n          id\n          producerId\n          kind\n          paused\n          consumerOptions\n        }\n        stream {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SessionsDocument,
    "\n  query SessionsOfStreams($first: Int, $filter: ConsumerFilter) {\n    streams(first: $first) {\n      nodes {\n        id\n        consumerCounts {\n          total\n          active\n        }\n        health {\n          consumers {\n            total\n            active\n          }\n        }\n        consumers(first: 3, filter: $filter) {\n          nodes {\n            id\n            state\n            lastHeartbeatAt\n            bitrateBps\n          }\n        }\n      }\n    }\n  }\n": types.SessionsOfStreamsDocument,
    "\n  query OneSession($id: ID!) {\n    consumer(id: $id) {\n      id\n      clientId\n      state\n      stream {\n        name\n        labels\n      }\n    }\n  }\n": types.OneSessionDocument,
    "\n  subscription WatchSession($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Consumer {\n        state\n        closeReason\n        closeMessage\n      }\n    }\n  }\n": types.WatchSessionDocument,
    "\n  subscription WatchLog($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        id\n        cursor\n        type\n        subjectId\n        data\n        subject {\n          id\n        }\n      }\n      ... on Checkpoint {\n        cursor\n        at\n        caughtUp\n      }\n      ... on Gap {\n        missed\n        cursor\n      }\n    }\n  }\n": types.WatchLogDocument,
    "\n  subscription ReadLog($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        cursor\n        subjectId\n      }\n    }\n  }\n": types.ReadLogDocument,
    "\n  query ListLog {\n    events(direction: ASC, first: 100) {\n      nodes {\n        id\n        cursor\n      }\n    }\n  }\n": types.ListLogDocument,
    "\n  query Figures($id: ID!) {\n    stream(id: $id) {\n      uptimeSeconds\n      process {\n        status\n        healthy\n        pid\n        restarts\n        lastExit {\n          code\n          cause\n          at\n          log\n        }\n      }\n      tracks {\n        kind\n        codec\n        width\n        fps\n        bitrateBps\n        lastProgressAt\n      }\n      producers {\n        nodes {\n          state\n          bitrateBps\n          packets\n          packetsLost\n          jitterMs\n          score\n          measuredAt\n        }\n      }\n    }\n  }\n": types.FiguresDocument,
    "\n  query StreamHealth($id: ID!) {\n    streamHealth(streamId: $id) {\n      streamId\n      status\n      issues {\n        type\n        severity\n        track\n        reason\n        since\n        evidence\n      }\n      process {\n        status\n        pid\n      }\n      producers {\n        producerId\n        state\n        uptimeSeconds\n      }\n      at\n    }\n  }\n": types.StreamHealthDocument,
    "\n  query StreamHealthStatistics($id: ID!) {\n    stream(id: $id) {\n      health {\n        status\n        producers {\n          bitrateBps\n          packetsLost\n        }\n        consumers {\n          active\n        }\n      }\n    }\n  }\n": types.StreamHealthStatisticsDocument,
    "\n  query StreamsByHealth($filter: StreamFilter) {\n    streams(filter: $filter) {\n      totalCount\n      nodes {\n        id\n      }\n    }\n  }\n": types.StreamsByHealthDocument,
    "\n  query StreamNames(\n    $filter: StreamFilter\n    $orderBy: StreamOrderBy\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n      edges {\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.StreamNamesDocument,
    "\n  query WholeGraph($first: Int) {\n    streams(first: $first) {\n      totalCount\n      nodes {\n        id\n        project {\n          name\n        }\n        mediaNode {\n          name\n        }\n        producers(first: 5) {\n          nodes {\n            id\n            bitrateBps\n          }\n        }\n        events(first: 5) {\n          edges {\n            node {\n              cursor\n              type\n            }\n          }\n        }\n        process {\n          pid\n        }\n      }\n    }\n  }\n": types.WholeGraphDocument,
    "\n  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {\n    events(filter: $filter, direction: $direction, first: $first, after: $after) {\n      nodes {\n        cursor\n        type\n        subject {\n          id\n          ... on Stream {\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.StreamEventsDocument,
    "\n  mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {\n    createStream(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      labels\n      maxConsumers\n      desiredState\n      state\n      generation\n      source {\n        kind\n        url\n        options\n      }\n      producers {\n        nodes {\n          id\n        }\n      }\n    }\n  }\n": types.CreateStreamDocument,
    "\n  mutation UpdateStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      name\n      labels\n      maxConsumers\n      source {\n        kind\n        options\n      }\n    }\n  }\n": types.UpdateStreamDocument,
    "\n  mutation OrderStream($id: ID!) {\n    startStream(id: $id) {\n      desiredState\n      generation\n      observedGeneration\n    }\n    restartStream(id: $id) {\n      desiredState\n      generation\n    }\n    stopStream(id: $id) {\n      desiredState\n      generation\n    }\n    deleteStream(id: $id) {\n      deletedAt\n    }\n  }\n": types.OrderStreamDocument,
    "\n  mutation StartStreams($ids: [ID!]!) {\n    startStreams(ids: $ids) {\n      id\n      stream {\n        name\n        desiredState\n      }\n      error {\n        code\n        message\n      }\n    }\n  }\n": types.StartStreamsDocument,
    "\n  mutation CloseAndCreateProducer($id: ID!, $input: CreateProducerInput!) {\n    closeProducer(id: $id) {\n      state\n      closeReason\n      stream {\n        name\n      }\n    }\n    createProducer(input: $input) {\n      id\n      kind\n      state\n      stream {\n        producers(first: 1) {\n          nodes {\n            kind\n          }\n        }\n      }\n    }\n  }\n": types.CloseAndCreateProducerDocument,
    "\n  query EveryKind($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on Stream {\n        mediaNode {\n          name\n          streams\n        }\n        producers {\n          nodes {\n            id\n          }\n        }\n      }\n      ... on Producer {\n        stream {\n          name\n        }\n      }\n      ... on Event {\n        actor {\n          name\n          apiKey {\n            prefix\n          }\n        }\n        subject {\n          __typename\n          id\n        }\n      }\n      ... on MediaNode {\n        capacity\n        draining\n        version\n      }\n      ... on Project {\n        publicHealth\n        apiKeys(first: 1) {\n          nodes {\n            prefix\n            scopes\n          }\n          pageInfo {\n            hasNextPage\n          }\n        }\n      }\n      ... on ApiKey {\n        scopes\n        revokedAt\n      }\n    }\n    mediaNodes {\n      id\n    }\n    project {\n      id\n    }\n  }\n": types.EveryKindDocument,
    "\n  mutation CreateTestProject($name: String!, $idempotencyKey: String) {\n    createProject(input: { name: $name }, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      publicHealth\n    }\n  }\n": types.CreateTestProjectDocument,
    "\n  mutation UpdateTestProject($id: ID!, $input: UpdateProjectInput!) {\n    updateProject(id: $id, input: $input) {\n      name\n      publicHealth\n      quotas {\n        requestsPerMinute\n      }\n      sourcePolicy {\n        schemes\n        allowCidrs\n        denyCidrs\n      }\n    }\n  }\n": types.UpdateTestProjectDocument,
    "\n  mutation CreateTestKey($input: CreateApiKeyInput!, $idempotencyKey: String) {\n    createApiKey(input: $input, idempotencyKey: $idempotencyKey) {\n      key\n      apiKey {\n        id\n        prefix\n        scopes\n        expiresAt\n        revokedAt\n      }\n    }\n  }\n": types.CreateTestKeyDocument,
    "\n  mutation RevokeTestKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      id\n      revokedAt\n    }\n  }\n": types.RevokeTestKeyDocument,
    "\n  query TestProjects($after: String, $id: ID!) {\n    projects(first: 1, after: $after) {\n      nodes {\n        id\n        apiKeys {\n          nodes {\n            id\n          }\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n    project(id: $id) {\n      name\n    }\n    node(id: $id) {\n      id\n    }\n  }\n": types.TestProjectsDocument,
    "\n  query WhoAmI {\n    viewer {\n      scopes\n      project {\n        id\n      }\n    }\n  }\n": types.WhoAmIDocument,
    "\n  query Attempts($streamId: ID, $from: DateTime, $to: DateTime, $first: Int, $after: String) {\n    recoveryAttempts(streamId: $streamId, from: $from, to: $to, first: $first, after: $after) {\n      nodes {\n        id\n        number\n        cause\n        evidence\n        action\n        outcome\n        startedAt\n        endedAt\n        downtimeSeconds\n        log\n        stream {\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AttemptsDocument,
    "\n  query StreamRecovery($first: Int) {\n    streams(first: $first) {\n      nodes {\n        id\n        recovery {\n          enabled\n          restarts\n          lastRestartAt\n          sourceRetries\n          recentAttempts\n          coolingDownUntil\n        }\n        recoveryAttempts(first: 2) {\n          nodes {\n            id\n            outcome\n          }\n        }\n      }\n    }\n  }\n": types.StreamRecoveryDocument,
    "\n  query Stats($streamId: ID) {\n    recoveryStats(streamId: $streamId) {\n      enabled\n      restarts\n      sourceRetries\n      recentAttempts\n    }\n  }\n": types.StatsDocument,
    "\n  query AttemptNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on RecoveryAttempt {\n        cause\n        stream {\n          id\n        }\n      }\n    }\n  }\n": types.AttemptNodeDocument,
    "\n  mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {\n    createReservation(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      streamId\n      source\n      holder\n      state\n      createdAt\n      activatedAt\n      releasedAt\n      expiresAt\n      stream {\n        name\n      }\n    }\n  }\n": types.CreateReservationDocument,
    "\n  mutation ReleaseReservation($id: ID!) {\n    releaseReservation(id: $id) {\n      state\n      releasedAt\n    }\n  }\n": types.ReleaseReservationDocument,
    "\n  mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {\n    extendReservation(id: $id, holdSeconds: $holdSeconds) {\n      state\n      expiresAt\n    }\n  }\n": types.ExtendReservationDocument,
    "\n  query OneReservation($id: ID!) {\n    reservation(id: $id) {\n      id\n      state\n    }\n    node(id: $id) {\n      id\n      ... on Reservation {\n        source\n        stream {\n          id\n        }\n      }\n    }\n  }\n": types.OneReservationDocument,
    "\n  query Reservations($streamId: ID!, $filter: ReservationFilter, $first: Int, $after: String) {\n    reservations(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        state\n        stream {\n          name\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n    reservationCounts {\n      ...Counts\n    }\n    ofStream: reservationCounts(streamId: $streamId) {\n      ...Counts\n    }\n    stream(id: $streamId) {\n      reservations(filter: $filter, first: $first) {\n        totalCount\n        nodes {\n          id\n        }\n      }\n      reservationCounts {\n        ...Counts\n      }\n    }\n  }\n  fragment Counts on ReservationCounts {\n    total\n    active\n    bySource {\n      source\n      total\n      active\n      limit\n    }\n  }\n": types.ReservationsDocument,
    "\n  mutation UpdateProject($id: ID!, $input: UpdateProjectInput!) {\n    updateProject(id: $id, input: $input) {\n      name\n      quotas {\n        maxConsumers\n        maxReservations\n        perSource\n      }\n    }\n  }\n": types.UpdateProjectDocument,
    "\n  mutation OnDemand($id: ID!, $create: CreateStreamInput!, $update: UpdateStreamInput!) {\n    createStream(input: $create) {\n      id\n      onDemand\n    }\n    updateStream(id: $id, input: $update) {\n      onDemand\n    }\n  }\n": types.OnDemandDocument,
    "\n  subscription WatchHealth($streamId: ID!, $after: String, $intervalSeconds: Int! = 1) {\n    streamHealth(streamId: $streamId, after: $after, intervalSeconds: $intervalSeconds) {\n      __typename\n      ... on StreamHealth {\n        streamId\n        status\n        issues {\n          type\n        }\n      }\n      ... on HealthChange {\n        cursor\n        status\n        previous\n        opened {\n          type\n          severity\n          track\n          reason\n          since\n          evidence\n        }\n        closed\n      }\n      ... on Checkpoint {\n        cursor\n        caughtUp\n      }\n      ... on Gap {\n        missed\n      }\n    }\n  }\n": types.WatchHealthDocument,
    "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      changed {\n        id\n        name\n        state\n        producers(first: 5) {\n          nodes {\n            state\n          }\n        }\n      }\n      removedIds\n    }\n  }\n": types.WatchStreamsDocument,
    "\n  subscription WatchFigures {\n    streams(intervalSeconds: 1) {\n      reset\n      changed {\n        id\n        process {\n          cpuPercent\n        }\n      }\n    }\n  }\n": types.WatchFiguresDocument,
    "\n  subscription WatchNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Stream {\n        name\n        deletedAt\n      }\n      ... on Producer {\n        state\n        stream {\n          name\n        }\n      }\n    }\n  }\n": types.WatchNodeDocument,
    "\n  query SystemHealthSummary {\n    systemHealth {\n      status\n      message\n      at\n      durationMs\n      components {\n        component\n        name\n        status\n        message\n        responseTimeMs\n        checkedAt\n      }\n      summary {\n        total\n        healthy\n        warning\n        critical\n        unknown\n      }\n      streams {\n        total\n        byState {\n          state\n          count\n        }\n      }\n      activeProcesses\n      activeProducers\n      activeConsumers\n    }\n  }\n": types.SystemHealthSummaryDocument,
    "\n  subscription WatchSystemHealth {\n    systemHealth {\n      status\n      message\n    }\n  }\n": types.WatchSystemHealthDocument,
    "\n  query PastOfStream($id: ID!, $from: DateTime!, $to: DateTime, $maxPoints: Int!) {\n    stream(id: $id) {\n      healthTimeline(from: $from, to: $to, maxPoints: $maxPoints) {\n        bucketSeconds\n        points {\n          from\n          to\n          status\n          livePercent\n          fps\n          bitrateBps\n          cpuPercent\n          memoryBytes\n          restarts\n          issues\n        }\n      }\n    }\n  }\n": types.PastOfStreamDocument,
    "\n  query MomentOfStream($id: ID!, $time: DateTime!) {\n    stream(id: $id) {\n      healthAt(time: $time) {\n        streamId\n        status\n        at\n        issues {\n          type\n          severity\n          track\n          reason\n          since\n          evidence\n        }\n        process {\n          pid\n        }\n        producers {\n          producerId\n        }\n      }\n    }\n  }\n": types.MomentOfStreamDocument,
    "\n  query PastOfWall($from: DateTime!, $to: DateTime) {\n    streams(first: 50) {\n      nodes {\n        id\n        healthTimeline(from: $from, to: $to, maxPoints: 60) {\n          points {\n            consumers\n          }\n        }\n      }\n    }\n  }\n": types.PastOfWallDocument,
    "\n  query PastOfSystem($from: DateTime!, $to: DateTime, $time: DateTime!) {\n    systemMetrics(from: $from, to: $to, maxPoints: 10) {\n      bucketSeconds\n      points {\n        at\n        cpuPercent\n        diskPercent\n        activeStreams\n        activeConsumers\n        temporaryFolderBytes\n        eventLoopLagMs\n      }\n    }\n    systemHealthTimeline(from: $from, to: $to, maxPoints: 10) {\n      points {\n        status\n        unhealthyComponents\n        streamsByState {\n          state\n          count\n        }\n      }\n    }\n    systemHealthAt(time: $time) {\n      status\n      at\n      components {\n        component\n        status\n      }\n      summary {\n        total\n        healthy\n        critical\n      }\n    }\n  }\n": types.PastOfSystemDocument,
    "\n  subscription WatchWall($after: String) {\n    streams(intervalSeconds: 1, after: $after) {\n      reset\n      complete\n      cursor\n      removedIds\n      changed {\n        id\n        name\n        state\n        uptimeSeconds\n        health {\n          status\n        }\n        process {\n          cpuPercent\n          fps\n          bitrateBps\n        }\n      }\n    }\n  }\n": types.WatchWallDocument,
    "\n  mutation OpenOnDemand($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      consumer {\n        id\n      }\n      transportOptions\n      url\n    }\n  }\n": types.OpenOnDemandDocument,
    "\n  mutation CloseOnDemand($id: ID!) {\n    closeConsumer(id: $id) {\n      closeReason\n    }\n  }\n": types.CloseOnDemandDocument,
    "\n  query SessionOnDemand($id: ID!) {\n    consumer(id: $id) {\n      state\n      closeReason\n    }\n  }\n": types.SessionOnDemandDocument,
    "\n  query ReservingProject {\n    viewer {\n      project {\n        id\n      }\n    }\n  }\n": types.ReservingProjectDocument,
    "\n  mutation LimitSources($id: ID!, $perSource: JSON) {\n    updateProject(id: $id, input: { quotas: { perSource: $perSource } }) {\n      id\n    }\n  }\n": types.LimitSourcesDocument,
    "\n  mutation Reserve($input: CreateReservationInput!) {\n    createReservation(input: $input) {\n      id\n    }\n  }\n": types.ReserveDocument,
    "\n  mutation OpenReserved($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      consumer {\n        id\n        source\n      }\n      url\n    }\n  }\n": types.OpenReservedDocument,
    "\n  mutation Release($id: ID!) {\n    releaseReservation(id: $id) {\n      state\n    }\n  }\n": types.ReleaseDocument,
    "\n  query SeenReservation($id: ID!, $session: ID!) {\n    reservation(id: $id) {\n      state\n    }\n    consumer(id: $session) {\n      state\n      closeReason\n      closeMessage\n    }\n    reservationCounts {\n      total\n      active\n      bySource {\n        source\n        total\n        active\n        limit\n      }\n    }\n  }\n": types.SeenReservationDocument,
    "\n  mutation CreateTestStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n": types.CreateTestStreamDocument,
    "\n  mutation UpdateTestStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      id\n    }\n  }\n": types.UpdateTestStreamDocument,
    "\n  mutation DeleteTestStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n    }\n  }\n": types.DeleteTestStreamDocument,
    "\n  mutation StartTestStream($id: ID!) {\n    startStream(id: $id) {\n      id\n    }\n  }\n": types.StartTestStreamDocument,
    "\n  mutation StopTestStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n    }\n  }\n": types.StopTestStreamDocument,
    "\n  mutation RestartTestStream($id: ID!) {\n    restartStream(id: $id) {\n      id\n    }\n  }\n": types.RestartTestStreamDocument,
    "\n  mutation CloseTestProducer($id: ID!) {\n    closeProducer(id: $id) {\n      id\n    }\n  }\n": types.CloseTestProducerDocument,
    "\n  query TestStream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      desiredState\n      generation\n      observedGeneration\n      state\n      stateReason\n      stateSince\n      process {\n        pid\n        status\n        restarts\n        lastExit {\n          cause\n          log\n        }\n      }\n      producers(first: 20) {\n        nodes {\n          id\n          kind\n          state\n        }\n      }\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n": types.TestStreamDocument,
    "\n  query TestStreamHealth($id: ID!) {\n    stream(id: $id) {\n      state\n      stateCause\n      health {\n        status\n        issues {\n          type\n          track\n          severity\n          since\n          reason\n          evidence\n        }\n      }\n    }\n  }\n": types.TestStreamHealthDocument,
    "\n  query TestStreamEvents($subjectId: ID!, $types: [String!]) {\n    events(filter: { subjectId: $subjectId, types: $types }, direction: ASC, first: 100) {\n      nodes {\n        cursor\n        type\n        at\n        data\n      }\n    }\n  }\n": types.TestStreamEventsDocument,
    "\n  query TestStreams {\n    streams(first: 100) {\n      totalCount\n      nodes {\n        id\n        name\n        state\n      }\n    }\n  }\n": types.TestStreamsDocument,
    "\n  mutation CreateTestProducer($input: CreateProducerInput!) {\n    createProducer(input: $input) {\n      id\n    }\n  }\n": types.CreateTestProducerDocument,
    "\n  subscription WatchTestStream($id: ID!) {\n    node(id: $id) {\n      ... on Stream {\n        state\n        stateReason\n      }\n    }\n  }\n": types.WatchTestStreamDocument,
    "\n  query TestStreamTracks($id: ID!) {\n    stream(id: $id) {\n      tracks {\n        kind\n        codec\n        lastProgressAt\n      }\n    }\n  }\n": types.TestStreamTracksDocument,
    "\n  query TestCluster {\n    mediaNodes {\n      id\n      name\n      status\n      draining\n      streams\n    }\n    streams(first: 100) {\n      nodes {\n        id\n        state\n        stateCause\n        process {\n          pid\n        }\n        consumerCounts {\n          active\n        }\n        mediaNode {\n          name\n        }\n      }\n    }\n  }\n": types.TestClusterDocument,
    "\n  query TestRecoveryAttempts($streamId: ID!) {\n    recoveryAttempts(streamId: $streamId, first: 100) {\n      nodes {\n        id\n        number\n        cause\n        evidence\n        action\n        outcome\n        startedAt\n        endedAt\n        downtimeSeconds\n        log\n      }\n    }\n    recoveryStats(streamId: $streamId) {\n      enabled\n      restarts\n      recentAttempts\n    }\n  }\n": types.TestRecoveryAttemptsDocument,
    "\n  mutation DrainTestNode($id: ID!, $draining: Boolean!) {\n    drainMediaNode(id: $id, draining: $draining) {\n      draining\n      status\n    }\n  }\n": types.DrainTestNodeDocument,
    "\n  mutation OpenTestSession($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      token\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      url\n      consumer {\n        id\n        state\n      }\n      tracks {\n        id\n        kind\n        paused\n      }\n    }\n  }\n": types.OpenTestSessionDocument,
    "\n  mutation ReopenTestSession($id: ID!, $rtpCapabilities: RtpCapabilities) {\n    reopenConsumer(id: $id, rtpCapabilities: $rtpCapabilities) {\n      token\n      transportOptions\n      consumer {\n        id\n        state\n      }\n      tracks {\n        id\n        kind\n      }\n    }\n  }\n": types.ReopenTestSessionDocument,
    "\n  mutation ConsumeTestSession($id: ID!, $rtpCapabilities: RtpCapabilities!) {\n    consume(id: $id, rtpCapabilities: $rtpCapabilities) {\n      id\n      kind\n      paused\n    }\n  }\n": types.ConsumeTestSessionDocument,
    "\n  mutation ConnectTestSession($id: ID!, $dtlsParameters: DtlsParametersInput!) {\n    connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {\n      id\n    }\n    resumeConsumer(id: $id) {\n      id\n    }\n  }\n": types.ConnectTestSessionDocument,
    "\n  mutation PauseTestSession($id: ID!, $kinds: [MediaKind!]) {\n    pauseConsumer(id: $id, kinds: $kinds) {\n      id\n    }\n  }\n": types.PauseTestSessionDocument,
    "\n  mutation ResumeTestSession($id: ID!, $kinds: [MediaKind!]) {\n    resumeConsumer(id: $id, kinds: $kinds) {\n      id\n    }\n  }\n": types.ResumeTestSessionDocument,
    "\n  mutation RestartTestSessionIce($id: ID!) {\n    restartConsumerIce(id: $id)\n  }\n": types.RestartTestSessionIceDocument,
    "\n  mutation CloseTestSession($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n": types.CloseTestSessionDocument,
    "\n  mutation BeatTestSession($id: ID!) {\n    recordHeartbeat(consumerId: $id, stats: { framesDecoded: 7 }) {\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      token\n    }\n  }\n": types.BeatTestSessionDocument,
    "\n  mutation BeatTestSessions($heartbeats: [HeartbeatInput!]!) {\n    recordHeartbeats(heartbeats: $heartbeats) {\n      consumerId\n      accepted\n    }\n  }\n": types.BeatTestSessionsDocument,
    "\n  query TestSession($id: ID!) {\n    consumer(id: $id) {\n      id\n      streamId\n      clientId\n      protocol\n      state\n      closeReason\n      closeMessage\n      openedAt\n      closedAt\n      lastHeartbeatAt\n      playerStats\n      bitrateBps\n      bytesSent\n      packetsLost\n      roundTripMs\n      tracks {\n        id\n        kind\n        paused\n      }\n    }\n  }\n": types.TestSessionDocument,
    "\n  query TestSessions($filter: ConsumerFilter, $first: Int, $after: String) {\n    consumers(filter: $filter, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        clientId\n        protocol\n        source\n        lastHeartbeatAt\n        state\n        closeReason\n        closeMessage\n        tracks {\n          id\n        }\n      }\n    }\n  }\n": types.TestSessionsDocument,
    "\n  query TestSessionCounts($id: ID!) {\n    stream(id: $id) {\n      consumerCounts {\n        active\n        total\n      }\n    }\n  }\n": types.TestSessionCountsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Wall($withKey: Boolean!) {\n    streams(intervalSeconds: 2) {\n      reset\n      complete\n      removedIds\n      at\n      changed {\n        id\n        name\n        state\n        stateReason\n        stateSince\n        desiredState\n        uptimeSeconds\n        source @include(if: $withKey) {\n          kind\n          url\n        }\n        process {\n          cpuPercent\n          memoryBytes\n          fps\n          bitrateBps\n          restarts\n          measuredAt\n        }\n        consumerCounts @include(if: $withKey) {\n          total\n          active\n        }\n        health {\n          status\n          issues {\n            type\n            severity\n            track\n            reason\n            since\n          }\n        }\n        tracks {\n          kind\n          codec\n          width\n          height\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WallDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query History($id: ID!, $from: DateTime!, $maxPoints: Int!, $withKey: Boolean!) {\n    stream(id: $id) {\n      id\n      healthTimeline(from: $from, maxPoints: $maxPoints) {\n        bucketSeconds\n        points {\n          from\n          to\n          status\n          fps\n          bitrateBps\n          cpuPercent\n          restarts\n          issues\n        }\n      }\n      recovery @include(if: $withKey) {\n        enabled\n        restarts\n        lastRestartAt\n      }\n      recoveryAttempts(first: 20) @include(if: $withKey) {\n        nodes {\n          id\n          number\n          cause\n          action\n          outcome\n          startedAt\n          downtimeSeconds\n          log\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').HistoryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer {\n      scopes\n    }\n  }\n"): typeof import('./graphql.ts').ViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').AddStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation Start($id: ID!) {\n      startStream(id: $id) {\n        id\n      }\n    }\n  "): typeof import('./graphql.ts').StartDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation Stop($id: ID!) {\n      stopStream(id: $id) {\n        id\n      }\n    }\n  "): typeof import('./graphql.ts').StopDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation Restart($id: ID!) {\n      restartStream(id: $id) {\n        id\n      }\n    }\n  "): typeof import('./graphql.ts').RestartDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Health {\n    viewer {\n      scopes\n    }\n    streams {\n      totalCount\n      nodes {\n        id\n        name\n        state\n        stateSince\n        desiredState\n        uptimeSeconds\n        process {\n          status\n          healthy\n          pid\n          cpuPercent\n          memoryBytes\n          uptimeSeconds\n        }\n        producers {\n          nodes {\n            id\n            kind\n            state\n            ssrcs\n            uptimeSeconds\n          }\n        }\n        playback {\n          whepUrl\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').HealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenSession($input: OpenConsumerInput!, $idempotencyKey: String) {\n    openConsumer(input: $input, idempotencyKey: $idempotencyKey) {\n      consumer {\n        id\n        clientId\n        source\n        state\n        protocol\n        sessionSeconds\n        tracks {\n          id\n        }\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n      }\n      url\n    }\n  }\n"): typeof import('./graphql.ts').OpenSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseSession($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      state\n      closeReason\n      closeMessage\n    }\n  }\n"): typeof import('./graphql.ts').CloseSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sessions($filter: ConsumerFilter, $first: Int, $after: String) {\n    consumers(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        clientId\n        source\n        state\n        protocol\n        openedAt\n        lastHeartbeatAt\n        closedAt\n        closeReason\n        closeMessage\n        sessionSeconds\n        bitrateBps\n        bytesSent\n        packetsLost\n        roundTripMs\n        measuredAt\n        playerStats\n        tracks {\n          id\n          producerId\n          kind\n          paused\n          consumerOptions\n        }\n        stream {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionsOfStreams($first: Int, $filter: ConsumerFilter) {\n    streams(first: $first) {\n      nodes {\n        id\n        consumerCounts {\n          total\n          active\n        }\n        health {\n          consumers {\n            total\n            active\n          }\n        }\n        consumers(first: 3, filter: $filter) {\n          nodes {\n            id\n            state\n            lastHeartbeatAt\n            bitrateBps\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SessionsOfStreamsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneSession($id: ID!) {\n    consumer(id: $id) {\n      id\n      clientId\n      state\n      stream {\n        name\n        labels\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OneSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchSession($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Consumer {\n        state\n        closeReason\n        closeMessage\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchLog($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        id\n        cursor\n        type\n        subjectId\n        data\n        subject {\n          id\n        }\n      }\n      ... on Checkpoint {\n        cursor\n        at\n        caughtUp\n      }\n      ... on Gap {\n        missed\n        cursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchLogDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ReadLog($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        cursor\n        subjectId\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReadLogDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListLog {\n    events(direction: ASC, first: 100) {\n      nodes {\n        id\n        cursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ListLogDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Figures($id: ID!) {\n    stream(id: $id) {\n      uptimeSeconds\n      process {\n        status\n        healthy\n        pid\n        restarts\n        lastExit {\n          code\n          cause\n          at\n          log\n        }\n      }\n      tracks {\n        kind\n        codec\n        width\n        fps\n        bitrateBps\n        lastProgressAt\n      }\n      producers {\n        nodes {\n          state\n          bitrateBps\n          packets\n          packetsLost\n          jitterMs\n          score\n          measuredAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').FiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StreamHealth($id: ID!) {\n    streamHealth(streamId: $id) {\n      streamId\n      status\n      issues {\n        type\n        severity\n        track\n        reason\n        since\n        evidence\n      }\n      process {\n        status\n        pid\n      }\n      producers {\n        producerId\n        state\n        uptimeSeconds\n      }\n      at\n    }\n  }\n"): typeof import('./graphql.ts').StreamHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StreamHealthStatistics($id: ID!) {\n    stream(id: $id) {\n      health {\n        status\n        producers {\n          bitrateBps\n          packetsLost\n        }\n        consumers {\n          active\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StreamHealthStatisticsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StreamsByHealth($filter: StreamFilter) {\n    streams(filter: $filter) {\n      totalCount\n      nodes {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StreamsByHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StreamNames(\n    $filter: StreamFilter\n    $orderBy: StreamOrderBy\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n      edges {\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StreamNamesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WholeGraph($first: Int) {\n    streams(first: $first) {\n      totalCount\n      nodes {\n        id\n        project {\n          name\n        }\n        mediaNode {\n          name\n        }\n        producers(first: 5) {\n          nodes {\n            id\n            bitrateBps\n          }\n        }\n        events(first: 5) {\n          edges {\n            node {\n              cursor\n              type\n            }\n          }\n        }\n        process {\n          pid\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WholeGraphDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {\n    events(filter: $filter, direction: $direction, first: $first, after: $after) {\n      nodes {\n        cursor\n        type\n        subject {\n          id\n          ... on Stream {\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StreamEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {\n    createStream(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      labels\n      maxConsumers\n      desiredState\n      state\n      generation\n      source {\n        kind\n        url\n        options\n      }\n      producers {\n        nodes {\n          id\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CreateStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      name\n      labels\n      maxConsumers\n      source {\n        kind\n        options\n      }\n    }\n  }\n"): typeof import('./graphql.ts').UpdateStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OrderStream($id: ID!) {\n    startStream(id: $id) {\n      desiredState\n      generation\n      observedGeneration\n    }\n    restartStream(id: $id) {\n      desiredState\n      generation\n    }\n    stopStream(id: $id) {\n      desiredState\n      generation\n    }\n    deleteStream(id: $id) {\n      deletedAt\n    }\n  }\n"): typeof import('./graphql.ts').OrderStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartStreams($ids: [ID!]!) {\n    startStreams(ids: $ids) {\n      id\n      stream {\n        name\n        desiredState\n      }\n      error {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StartStreamsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseAndCreateProducer($id: ID!, $input: CreateProducerInput!) {\n    closeProducer(id: $id) {\n      state\n      closeReason\n      stream {\n        name\n      }\n    }\n    createProducer(input: $input) {\n      id\n      kind\n      state\n      stream {\n        producers(first: 1) {\n          nodes {\n            kind\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CloseAndCreateProducerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EveryKind($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on Stream {\n        mediaNode {\n          name\n          streams\n        }\n        producers {\n          nodes {\n            id\n          }\n        }\n      }\n      ... on Producer {\n        stream {\n          name\n        }\n      }\n      ... on Event {\n        actor {\n          name\n          apiKey {\n            prefix\n          }\n        }\n        subject {\n          __typename\n          id\n        }\n      }\n      ... on MediaNode {\n        capacity\n        draining\n        version\n      }\n      ... on Project {\n        publicHealth\n        apiKeys(first: 1) {\n          nodes {\n            prefix\n            scopes\n          }\n          pageInfo {\n            hasNextPage\n          }\n        }\n      }\n      ... on ApiKey {\n        scopes\n        revokedAt\n      }\n    }\n    mediaNodes {\n      id\n    }\n    project {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').EveryKindDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTestProject($name: String!, $idempotencyKey: String) {\n    createProject(input: { name: $name }, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      publicHealth\n    }\n  }\n"): typeof import('./graphql.ts').CreateTestProjectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateTestProject($id: ID!, $input: UpdateProjectInput!) {\n    updateProject(id: $id, input: $input) {\n      name\n      publicHealth\n      quotas {\n        requestsPerMinute\n      }\n      sourcePolicy {\n        schemes\n        allowCidrs\n        denyCidrs\n      }\n    }\n  }\n"): typeof import('./graphql.ts').UpdateTestProjectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTestKey($input: CreateApiKeyInput!, $idempotencyKey: String) {\n    createApiKey(input: $input, idempotencyKey: $idempotencyKey) {\n      key\n      apiKey {\n        id\n        prefix\n        scopes\n        expiresAt\n        revokedAt\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CreateTestKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeTestKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      id\n      revokedAt\n    }\n  }\n"): typeof import('./graphql.ts').RevokeTestKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestProjects($after: String, $id: ID!) {\n    projects(first: 1, after: $after) {\n      nodes {\n        id\n        apiKeys {\n          nodes {\n            id\n          }\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n    project(id: $id) {\n      name\n    }\n    node(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').TestProjectsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhoAmI {\n    viewer {\n      scopes\n      project {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WhoAmIDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Attempts($streamId: ID, $from: DateTime, $to: DateTime, $first: Int, $after: String) {\n    recoveryAttempts(streamId: $streamId, from: $from, to: $to, first: $first, after: $after) {\n      nodes {\n        id\n        number\n        cause\n        evidence\n        action\n        outcome\n        startedAt\n        endedAt\n        downtimeSeconds\n        log\n        stream {\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AttemptsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StreamRecovery($first: Int) {\n    streams(first: $first) {\n      nodes {\n        id\n        recovery {\n          enabled\n          restarts\n          lastRestartAt\n          sourceRetries\n          recentAttempts\n          coolingDownUntil\n        }\n        recoveryAttempts(first: 2) {\n          nodes {\n            id\n            outcome\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StreamRecoveryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Stats($streamId: ID) {\n    recoveryStats(streamId: $streamId) {\n      enabled\n      restarts\n      sourceRetries\n      recentAttempts\n    }\n  }\n"): typeof import('./graphql.ts').StatsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AttemptNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on RecoveryAttempt {\n        cause\n        stream {\n          id\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AttemptNodeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {\n    createReservation(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      streamId\n      source\n      holder\n      state\n      createdAt\n      activatedAt\n      releasedAt\n      expiresAt\n      stream {\n        name\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CreateReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReleaseReservation($id: ID!) {\n    releaseReservation(id: $id) {\n      state\n      releasedAt\n    }\n  }\n"): typeof import('./graphql.ts').ReleaseReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {\n    extendReservation(id: $id, holdSeconds: $holdSeconds) {\n      state\n      expiresAt\n    }\n  }\n"): typeof import('./graphql.ts').ExtendReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneReservation($id: ID!) {\n    reservation(id: $id) {\n      id\n      state\n    }\n    node(id: $id) {\n      id\n      ... on Reservation {\n        source\n        stream {\n          id\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OneReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Reservations($streamId: ID!, $filter: ReservationFilter, $first: Int, $after: String) {\n    reservations(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        state\n        stream {\n          name\n        }\n      }\n      pageInfo {\n        endCursor\n        hasNextPage\n      }\n    }\n    reservationCounts {\n      ...Counts\n    }\n    ofStream: reservationCounts(streamId: $streamId) {\n      ...Counts\n    }\n    stream(id: $streamId) {\n      reservations(filter: $filter, first: $first) {\n        totalCount\n        nodes {\n          id\n        }\n      }\n      reservationCounts {\n        ...Counts\n      }\n    }\n  }\n  fragment Counts on ReservationCounts {\n    total\n    active\n    bySource {\n      source\n      total\n      active\n      limit\n    }\n  }\n"): typeof import('./graphql.ts').ReservationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateProject($id: ID!, $input: UpdateProjectInput!) {\n    updateProject(id: $id, input: $input) {\n      name\n      quotas {\n        maxConsumers\n        maxReservations\n        perSource\n      }\n    }\n  }\n"): typeof import('./graphql.ts').UpdateProjectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnDemand($id: ID!, $create: CreateStreamInput!, $update: UpdateStreamInput!) {\n    createStream(input: $create) {\n      id\n      onDemand\n    }\n    updateStream(id: $id, input: $update) {\n      onDemand\n    }\n  }\n"): typeof import('./graphql.ts').OnDemandDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchHealth($streamId: ID!, $after: String, $intervalSeconds: Int! = 1) {\n    streamHealth(streamId: $streamId, after: $after, intervalSeconds: $intervalSeconds) {\n      __typename\n      ... on StreamHealth {\n        streamId\n        status\n        issues {\n          type\n        }\n      }\n      ... on HealthChange {\n        cursor\n        status\n        previous\n        opened {\n          type\n          severity\n          track\n          reason\n          since\n          evidence\n        }\n        closed\n      }\n      ... on Checkpoint {\n        cursor\n        caughtUp\n      }\n      ... on Gap {\n        missed\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      changed {\n        id\n        name\n        state\n        producers(first: 5) {\n          nodes {\n            state\n          }\n        }\n      }\n      removedIds\n    }\n  }\n"): typeof import('./graphql.ts').WatchStreamsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchFigures {\n    streams(intervalSeconds: 1) {\n      reset\n      changed {\n        id\n        process {\n          cpuPercent\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchFiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Stream {\n        name\n        deletedAt\n      }\n      ... on Producer {\n        state\n        stream {\n          name\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchNodeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SystemHealthSummary {\n    systemHealth {\n      status\n      message\n      at\n      durationMs\n      components {\n        component\n        name\n        status\n        message\n        responseTimeMs\n        checkedAt\n      }\n      summary {\n        total\n        healthy\n        warning\n        critical\n        unknown\n      }\n      streams {\n        total\n        byState {\n          state\n          count\n        }\n      }\n      activeProcesses\n      activeProducers\n      activeConsumers\n    }\n  }\n"): typeof import('./graphql.ts').SystemHealthSummaryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchSystemHealth {\n    systemHealth {\n      status\n      message\n    }\n  }\n"): typeof import('./graphql.ts').WatchSystemHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PastOfStream($id: ID!, $from: DateTime!, $to: DateTime, $maxPoints: Int!) {\n    stream(id: $id) {\n      healthTimeline(from: $from, to: $to, maxPoints: $maxPoints) {\n        bucketSeconds\n        points {\n          from\n          to\n          status\n          livePercent\n          fps\n          bitrateBps\n          cpuPercent\n          memoryBytes\n          restarts\n          issues\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PastOfStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MomentOfStream($id: ID!, $time: DateTime!) {\n    stream(id: $id) {\n      healthAt(time: $time) {\n        streamId\n        status\n        at\n        issues {\n          type\n          severity\n          track\n          reason\n          since\n          evidence\n        }\n        process {\n          pid\n        }\n        producers {\n          producerId\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MomentOfStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PastOfWall($from: DateTime!, $to: DateTime) {\n    streams(first: 50) {\n      nodes {\n        id\n        healthTimeline(from: $from, to: $to, maxPoints: 60) {\n          points {\n            consumers\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PastOfWallDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PastOfSystem($from: DateTime!, $to: DateTime, $time: DateTime!) {\n    systemMetrics(from: $from, to: $to, maxPoints: 10) {\n      bucketSeconds\n      points {\n        at\n        cpuPercent\n        diskPercent\n        activeStreams\n        activeConsumers\n        temporaryFolderBytes\n        eventLoopLagMs\n      }\n    }\n    systemHealthTimeline(from: $from, to: $to, maxPoints: 10) {\n      points {\n        status\n        unhealthyComponents\n        streamsByState {\n          state\n          count\n        }\n      }\n    }\n    systemHealthAt(time: $time) {\n      status\n      at\n      components {\n        component\n        status\n      }\n      summary {\n        total\n        healthy\n        critical\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PastOfSystemDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchWall($after: String) {\n    streams(intervalSeconds: 1, after: $after) {\n      reset\n      complete\n      cursor\n      removedIds\n      changed {\n        id\n        name\n        state\n        uptimeSeconds\n        health {\n          status\n        }\n        process {\n          cpuPercent\n          fps\n          bitrateBps\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchWallDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenOnDemand($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      consumer {\n        id\n      }\n      transportOptions\n      url\n    }\n  }\n"): typeof import('./graphql.ts').OpenOnDemandDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseOnDemand($id: ID!) {\n    closeConsumer(id: $id) {\n      closeReason\n    }\n  }\n"): typeof import('./graphql.ts').CloseOnDemandDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionOnDemand($id: ID!) {\n    consumer(id: $id) {\n      state\n      closeReason\n    }\n  }\n"): typeof import('./graphql.ts').SessionOnDemandDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReservingProject {\n    viewer {\n      project {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReservingProjectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LimitSources($id: ID!, $perSource: JSON) {\n    updateProject(id: $id, input: { quotas: { perSource: $perSource } }) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').LimitSourcesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Reserve($input: CreateReservationInput!) {\n    createReservation(input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').ReserveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenReserved($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      consumer {\n        id\n        source\n      }\n      url\n    }\n  }\n"): typeof import('./graphql.ts').OpenReservedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Release($id: ID!) {\n    releaseReservation(id: $id) {\n      state\n    }\n  }\n"): typeof import('./graphql.ts').ReleaseDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SeenReservation($id: ID!, $session: ID!) {\n    reservation(id: $id) {\n      state\n    }\n    consumer(id: $session) {\n      state\n      closeReason\n      closeMessage\n    }\n    reservationCounts {\n      total\n      active\n      bySource {\n        source\n        total\n        active\n        limit\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SeenReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTestStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').CreateTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateTestStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').UpdateTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteTestStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').DeleteTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartTestStream($id: ID!) {\n    startStream(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').StartTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StopTestStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').StopTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestartTestStream($id: ID!) {\n    restartStream(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').RestartTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseTestProducer($id: ID!) {\n    closeProducer(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').CloseTestProducerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestStream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      desiredState\n      generation\n      observedGeneration\n      state\n      stateReason\n      stateSince\n      process {\n        pid\n        status\n        restarts\n        lastExit {\n          cause\n          log\n        }\n      }\n      producers(first: 20) {\n        nodes {\n          id\n          kind\n          state\n        }\n      }\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestStreamHealth($id: ID!) {\n    stream(id: $id) {\n      state\n      stateCause\n      health {\n        status\n        issues {\n          type\n          track\n          severity\n          since\n          reason\n          evidence\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestStreamHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestStreamEvents($subjectId: ID!, $types: [String!]) {\n    events(filter: { subjectId: $subjectId, types: $types }, direction: ASC, first: 100) {\n      nodes {\n        cursor\n        type\n        at\n        data\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestStreamEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestStreams {\n    streams(first: 100) {\n      totalCount\n      nodes {\n        id\n        name\n        state\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestStreamsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTestProducer($input: CreateProducerInput!) {\n    createProducer(input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').CreateTestProducerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchTestStream($id: ID!) {\n    node(id: $id) {\n      ... on Stream {\n        state\n        stateReason\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestStreamTracks($id: ID!) {\n    stream(id: $id) {\n      tracks {\n        kind\n        codec\n        lastProgressAt\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestStreamTracksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestCluster {\n    mediaNodes {\n      id\n      name\n      status\n      draining\n      streams\n    }\n    streams(first: 100) {\n      nodes {\n        id\n        state\n        stateCause\n        process {\n          pid\n        }\n        consumerCounts {\n          active\n        }\n        mediaNode {\n          name\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestClusterDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestRecoveryAttempts($streamId: ID!) {\n    recoveryAttempts(streamId: $streamId, first: 100) {\n      nodes {\n        id\n        number\n        cause\n        evidence\n        action\n        outcome\n        startedAt\n        endedAt\n        downtimeSeconds\n        log\n      }\n    }\n    recoveryStats(streamId: $streamId) {\n      enabled\n      restarts\n      recentAttempts\n    }\n  }\n"): typeof import('./graphql.ts').TestRecoveryAttemptsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DrainTestNode($id: ID!, $draining: Boolean!) {\n    drainMediaNode(id: $id, draining: $draining) {\n      draining\n      status\n    }\n  }\n"): typeof import('./graphql.ts').DrainTestNodeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenTestSession($input: OpenConsumerInput!) {\n    openConsumer(input: $input) {\n      token\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      url\n      consumer {\n        id\n        state\n      }\n      tracks {\n        id\n        kind\n        paused\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OpenTestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReopenTestSession($id: ID!, $rtpCapabilities: RtpCapabilities) {\n    reopenConsumer(id: $id, rtpCapabilities: $rtpCapabilities) {\n      token\n      transportOptions\n      consumer {\n        id\n        state\n      }\n      tracks {\n        id\n        kind\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ReopenTestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsumeTestSession($id: ID!, $rtpCapabilities: RtpCapabilities!) {\n    consume(id: $id, rtpCapabilities: $rtpCapabilities) {\n      id\n      kind\n      paused\n    }\n  }\n"): typeof import('./graphql.ts').ConsumeTestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConnectTestSession($id: ID!, $dtlsParameters: DtlsParametersInput!) {\n    connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {\n      id\n    }\n    resumeConsumer(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').ConnectTestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PauseTestSession($id: ID!, $kinds: [MediaKind!]) {\n    pauseConsumer(id: $id, kinds: $kinds) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').PauseTestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResumeTestSession($id: ID!, $kinds: [MediaKind!]) {\n    resumeConsumer(id: $id, kinds: $kinds) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').ResumeTestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestartTestSessionIce($id: ID!) {\n    restartConsumerIce(id: $id)\n  }\n"): typeof import('./graphql.ts').RestartTestSessionIceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseTestSession($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n"): typeof import('./graphql.ts').CloseTestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BeatTestSession($id: ID!) {\n    recordHeartbeat(consumerId: $id, stats: { framesDecoded: 7 }) {\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      token\n    }\n  }\n"): typeof import('./graphql.ts').BeatTestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BeatTestSessions($heartbeats: [HeartbeatInput!]!) {\n    recordHeartbeats(heartbeats: $heartbeats) {\n      consumerId\n      accepted\n    }\n  }\n"): typeof import('./graphql.ts').BeatTestSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestSession($id: ID!) {\n    consumer(id: $id) {\n      id\n      streamId\n      clientId\n      protocol\n      state\n      closeReason\n      closeMessage\n      openedAt\n      closedAt\n      lastHeartbeatAt\n      playerStats\n      bitrateBps\n      bytesSent\n      packetsLost\n      roundTripMs\n      tracks {\n        id\n        kind\n        paused\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestSessions($filter: ConsumerFilter, $first: Int, $after: String) {\n    consumers(filter: $filter, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        clientId\n        protocol\n        source\n        lastHeartbeatAt\n        state\n        closeReason\n        closeMessage\n        tracks {\n          id\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestSessionCounts($id: ID!) {\n    stream(id: $id) {\n      consumerCounts {\n        active\n        total\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestSessionCountsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
