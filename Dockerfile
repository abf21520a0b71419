# Collector and agent in one image: `docker build -t pantau .`, then see docker-compose.yml.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node bootstrap.mjs build

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has Node 24 itself; the packaged one (110 MB) is for machines that come with an older Node.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-*

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    PANTAU_DATA=/data \
    PANTAU_AGENT_DATA=/data \
    PANTAU_LISTEN=0.0.0.0:8420
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json pantau.mjs LICENSE ./
COPY protocol protocol
COPY agent agent
COPY server server
COPY config config
COPY --from=build /app/dashboard/dist dashboard/dist
COPY --from=build /app/agent/dist agent/dist
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 8420
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "/app/pantau.mjs", "health", "--url", "http://127.0.0.1:8420"]
ENTRYPOINT ["node", "/app/pantau.mjs"]
CMD ["server"]
