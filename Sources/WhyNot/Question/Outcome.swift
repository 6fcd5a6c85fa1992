import EnvoyModel
package import TrafficEngine

/// How a request ended, in the words of Istio's own simulation where it has one.
package enum Outcome: Hashable, Sendable {
    /// The connection itself leads nowhere: no Service has the port, no proxy stands behind the address.
    case unreachable
    /// It ended before HTTP routing, or found no virtual host or route.
    case refused(ConnectionError)
    /// The route names a cluster that does not exist (503 NC).
    case clusterNotFound
    /// The cluster has no endpoint that may be used (503 UH).
    case noHealthyHost
    /// It went on to where the client dialled, past all rules (`PassthroughCluster`).
    case passThrough
    /// It was thrown away (`BlackHoleCluster`, `block_all`).
    case blackHole
    /// The proxy's route answered by itself.
    case directResponse
    case redirect
    /// Another answer of the proxy itself.
    case localReply
    /// An endpoint got it.
    case arrived

    package init(_ trace: TrafficTrace) {
        if let error = trace.error {
            self = .refused(error)
            return
        }
        guard let hop = trace.hops.last else {
            self = .unreachable
            return
        }
        let flags = trace.response?.flags.split(separator: ",").map(String.init) ?? []
        let first = trace.hops.first?.clusterReference ?? ""
        if flags.contains("NC") {
            self = .clusterNotFound
        } else if flags.contains("UH") {
            self = first == "BlackHoleCluster" ? .blackHole : .noHealthyHost
        } else if first == "BlackHoleCluster" || hop.virtualHost?.name == "block_all" {
            self = .blackHole
        } else if first == "PassthroughCluster" {
            self = .passThrough
        } else if hop.clusterReference == nil, let status = trace.response?.status {
            self =
                hop.route == nil ? .localReply : (300..<400).contains(status) ? .redirect : .directResponse
        } else if hop.host != nil {
            self = .arrived
        } else {
            self = .localReply
        }
    }

    /// The name that is printed.
    package var name: String {
        switch self {
        case .unreachable: "unreachable"
        case .refused(let error): error.rawValue
        case .clusterNotFound: "cluster-not-found"
        case .noHealthyHost: "no-healthy-host"
        case .passThrough: "pass-through"
        case .blackHole: "black-hole"
        case .directResponse: "direct-response"
        case .redirect: "redirect"
        case .localReply: "local-reply"
        case .arrived: "arrived"
        }
    }

    /// How far it came: a change that brings it further is on the right way.
    var progress: Int {
        switch self {
        case .unreachable: 0
        case .refused(.noListener): 1
        case .refused(.noFilterChain), .refused(.multipleFilterChains): 2
        case .refused(.tlsError), .refused(.mtlsError), .refused(.protocolError): 3
        case .refused(.noVirtualHost): 4
        case .refused(.tlsRedirect), .blackHole: 5
        case .refused(.noRoute), .passThrough: 6
        case .localReply, .redirect, .directResponse: 7
        case .clusterNotFound: 8
        case .noHealthyHost: 9
        case .arrived: 10
        }
    }

    /// Whether the request failed: somebody who did not say what they want wants this changed.
    package var isFailure: Bool {
        switch self {
        case .arrived, .directResponse, .redirect, .passThrough: false
        default: true
        }
    }
}
