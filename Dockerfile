# syntax=docker/dockerfile:1

# The packages for production and mediasoup's worker: downloaded where GitHub can be reached, else built (about 4 minutes).
FROM node:24-bookworm AS build
WORKDIR /weir
ENV NODE_ENV=production XDG_CACHE_HOME=/cache
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
RUN node scripts/setup.mjs media \
 && mv /cache/weir/mediasoup-worker-*/mediasoup-worker /usr/local/bin/mediasoup-worker

FROM node:24-bookworm-slim
# FFmpeg, and the libraries of a worker that was built.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      ffmpeg libabsl20220623 libsrtp2-1 libssl3 libuv1 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /weir
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/var/lib/weir/data \
    MEDIA_DIR=/var/lib/weir/media \
    MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker
COPY --from=build /usr/local/bin/mediasoup-worker /usr/local/bin/mediasoup-worker
COPY --from=build /weir/node_modules node_modules
COPY package.json ./
COPY drizzle drizzle
COPY schema schema
COPY src src
# What runs belongs to root and is not writable for the user who runs it. That one is named by number, so that an orchestrator that wants no
# root can see it. The root file system may be read-only: only DATA_DIR and /tmp are written.
RUN mkdir -p "$DATA_DIR" "$MEDIA_DIR" && chown -R 1000:1000 /var/lib/weir && chmod 700 "$DATA_DIR"
USER 1000:1000
VOLUME /var/lib/weir/data
EXPOSE 8080/tcp 40000/tcp 40000/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/health/liveness`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=16", "src/main.ts"]
