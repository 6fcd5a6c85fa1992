/// Names that the connection manager knows.
extension HeaderBlock {
    /// The request headers that Envoy's header map keeps in a slot of their own.
    @inline(__always)
    func isJoinedHeader(_ name: ByteRange) -> Bool {
        switch name.count {
        case 2: equals(name, "te")
        case 3: equals(name, "via")
        case 6: equals(name, "accept") || equals(name, "origin") || equals(name, "expect") || equals(name, "pragma")
        case 7: equals(name, "referer") || equals(name, "upgrade")
        case 8: equals(name, "if-match") || equals(name, "if-range")
        case 10: equals(name, "user-agent") || equals(name, "connection") || equals(name, "keep-alive")
        case 12: equals(name, "content-type") || equals(name, "x-request-id") || equals(name, "grpc-timeout")
        case 13: equals(name, "authorization") || equals(name, "cache-control") || equals(name, "if-none-match")
        case 15:
            equals(name, "x-forwarded-for") || equals(name, "accept-encoding") || equals(name, "x-envoy-ip-tags")
        case 16:
            equals(name, "x-forwarded-host") || equals(name, "x-forwarded-port") || equals(name, "content-encoding")
                || equals(name, "proxy-connection") || equals(name, "x-envoy-retry-on")
        case 17:
            equals(name, "x-forwarded-proto") || equals(name, "if-modified-since")
                || equals(name, "transfer-encoding")
        case 19: equals(name, "if-unmodified-since") || equals(name, "x-envoy-max-retries")
        case 21: equals(name, "x-envoy-original-path")
        case 23: equals(name, "x-forwarded-client-cert")
        case 29: equals(name, "access-control-request-method")
        case 30: equals(name, "access-control-request-headers") || equals(name, "x-envoy-upstream-rq-timeout-ms")
        default: false
        }
    }

    func isAlwaysRemoved(_ name: ByteRange) -> Bool {
        equals(name, "x-envoy-internal")
    }

    /// Control headers that only internal requests keep.
    func isInternalOnly(_ name: ByteRange) -> Bool {
        switch name.count {
        case 15: equals(name, "x-envoy-ip-tags")
        case 16: equals(name, "x-envoy-retry-on")
        case 19: equals(name, "x-envoy-max-retries") || equals(name, "x-envoy-force-trace")
        case 20: equals(name, "x-envoy-original-url")
        case 21: equals(name, "x-envoy-retry-grpc-on")
        case 30:
            equals(name, "x-envoy-upstream-rq-timeout-ms") || equals(name, "x-envoy-upstream-alt-stat-name")
                || equals(name, "x-envoy-expected-rq-timeout-ms") || equals(name, "x-envoy-retriable-header-names")
        case 31: equals(name, "x-envoy-retriable-status-codes")
        case 38: equals(name, "x-envoy-upstream-rq-per-try-timeout-ms")
        case 39: equals(name, "x-envoy-upstream-rq-timeout-alt-response")
        default: false
        }
    }

    /// What requests from outside lose at the edge.
    func isEdgeRemoved(_ name: ByteRange) -> Bool {
        switch name.count {
        case 21: equals(name, "x-envoy-original-path")
        case 27: equals(name, "x-envoy-decorator-operation")
        case 31: equals(name, "x-envoy-downstream-service-node")
        case 34: equals(name, "x-envoy-downstream-service-cluster")
        default: false
        }
    }
}
