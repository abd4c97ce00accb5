FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has Node 24 itself: the one npm brings for older machines would only weigh on it.
RUN npm ci --omit=dev \
 && rm -rf node_modules/node-linux-* node_modules/.bin/node \
 && npm cache clean --force
COPY bin bin
COPY src src
COPY LICENSE CHANGELOG.md ./
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 8080
# Shell form: PORT is known only when the container runs.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD node -e "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
CMD ["node", "bin/kookeeper.js", "serve"]
