package import Documents
package import MeshModel
package import TrafficEngine

/// What became of a request.
package struct Attempt: Sendable {
    /// The first proxy that it came to.
    package var proxy: ProxyNode?
    /// `nil`: it came nowhere.
    package var trace: TrafficTrace?
    /// Why it came nowhere.
    package var problem: String?
    package var problemSource: SourceReference?

    package init(proxy: ProxyNode?, trace: TrafficTrace) {
        self.proxy = proxy
        self.trace = trace
    }

    package init(problem: String, source: SourceReference?) {
        self.problem = problem
        problemSource = source
    }

    package var outcome: Outcome { trace.map(Outcome.init) ?? .unreachable }
}

/// Sends the request that is asked about: as it is or with changes, through the mesh as it is or with changes.
package protocol Requester {
    func attempt(_ changes: [RequestChange], in state: MeshState) -> Attempt
    /// The request with changes, as the user would write it.
    func text(_ changes: [RequestChange]) -> String
}

/// Sends a synthetic request to one proxy.
package struct SyntheticRequester: Requester {
    package let request: SyntheticRequest
    package let proxy: ProxyNode

    package init(_ request: SyntheticRequest, at proxy: ProxyNode) {
        self.request = request
        self.proxy = proxy
    }

    package func attempt(_ changes: [RequestChange], in state: MeshState) -> Attempt {
        let proxy = state.proxy(proxy)
        let request = request.changed(by: changes)
        return Attempt(
            proxy: proxy,
            trace: simulate(request, with: state.compiled(for: proxy, seenBy: request), proxy: proxy.id))
    }

    package func text(_ changes: [RequestChange]) -> String {
        request.changed(by: changes).json.text()
    }
}
