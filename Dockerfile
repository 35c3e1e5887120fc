# The image of the packed package: npm ci && npm pack && docker build --tag firedrill .
# BASE needs Node.js 22.18 or newer, the C++ library and no shell. BUILDER needs sh, tar, mv, rm, mkdir and chown.
ARG BASE=gcr.io/distroless/nodejs24-debian13:nonroot
ARG BUILDER=docker.io/library/busybox:stable

# Moves files only, so that it runs on the machine that builds, whatever the image is for.
FROM --platform=$BUILDPLATFORM ${BUILDER} AS files
ARG TARGETARCH
WORKDIR /app/node_modules
COPY firedrill-*.tgz /packed/
COPY node_modules/better-sqlite3 better-sqlite3
RUN tar -xzf /packed/firedrill-*.tgz && mv package firedrill && rm -r firedrill/dist/types \
 && ln -s node_modules/firedrill/dist/cli.js /app/firedrill
# Of the native module: what JavaScript loads, for this processor, with either C library.
RUN case "$TARGETARCH" in amd64) arch=x64 ;; *) arch=$TARGETARCH ;; esac \
 && cd better-sqlite3 && mkdir kept && mv prebuilds/linux-$arch.node prebuilds/linuxmusl-$arch.node kept \
 && rm -r prebuilds deps src && mv kept prebuilds
RUN mkdir /data && chown 65532:65532 /data

FROM ${BASE}
ARG VERSION=
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="Firedrill" \
      org.opencontainers.image.description="Reference server for four disaster-recovery and backup APIs" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE"
COPY --from=files /app /app
# A volume at /data gets the owner of this folder.
COPY --from=files --chown=65532:65532 /data /data
# Distroless images have Node.js in /nodejs/bin. A cache of compiled code would need a folder that can be written.
ENV PATH=/nodejs/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_DISABLE_COMPILE_CACHE=1 \
    FIREDRILL_HOST=0.0.0.0
USER 65532:65532
EXPOSE 8420
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/firedrill", "ready"]
ENTRYPOINT ["node", "/app/firedrill"]
