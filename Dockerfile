# One image for every process: the command says which (beamgate gateway, manager, ioc, ...).
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY examples ./examples
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund
RUN mkdir data

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY bin ./bin
COPY LICENSE ./
# A volume takes over the owner of the folder that it covers; without one it would be root's, and the store read-only.
COPY --from=build --chown=node:node /app/data /data
USER node
ENV BEAMGATE_DATA=/data
VOLUME /data
ENTRYPOINT ["/app/bin/beamgate"]
CMD ["start", "--host", "0.0.0.0"]
