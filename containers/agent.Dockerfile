# The agent alone: one bundled program on Node, without a package besides.
#   docker build --file containers/agent.Dockerfile --tag fairlead/agent:0.1.0 --build-arg NODE_DIGEST=sha256:… .
# The digest has no default on purpose: whoever builds says which image was looked at.
ARG NODE_DIGEST

FROM node:24-bookworm-slim@${NODE_DIGEST} AS build
WORKDIR /source
COPY . .
RUN npm run build

FROM node:24-bookworm-slim@${NODE_DIGEST}
LABEL org.opencontainers.image.title="fairlead-agent" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /source/agent/dist ./
USER 65532:65532
EXPOSE 8081
# A burst of changes would let the young generation grow, and an idle agent keeps what it once took: 166 MB, and 114 MB so.
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/agent.mjs"]
