# Two stages: the first builds everything into dist/, the second holds Node and dist/ alone.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Without a package.json Node would have to guess that these are modules.
RUN npm run build:run && echo '{ "type": "module" }' > dist/package.json

FROM ${NODE_IMAGE}
WORKDIR /mailrig
COPY --from=build /build/dist ./
# A container is reached from outside, so it listens on all addresses; publish its ports to the machines that may use it.
ENV NODE_ENV=production MAILRIG_HOST=0.0.0.0
# A number, so that an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 1025 1465 1143 1993 1110 1995 8025
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s CMD ["node", "/mailrig/server/main.js", "health"]
ENTRYPOINT ["node", "/mailrig/server/main.js"]
