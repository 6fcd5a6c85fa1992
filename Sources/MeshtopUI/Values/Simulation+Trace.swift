import EnvoyModel
package import TrafficEngine

extension Simulation {
    /// What the simulator screen shows of a trace; the words that only the caller has are filled in by it.
    package init(line: String, trace: TrafficTrace) {
        self.init(line: line)
        let request = trace.request
        self.request = ["\(request.method) \(request.path) HTTP/1.1"]
        if let authority = request.authority { self.request.append("Host: \(authority)") }
        self.request += request.headers.map { "\($0.name): \($0.value)" }
        for hop in trace.hops {
            if trace.hops.count > 1 {
                steps.append(Step(stage: "proxy", outcome: .matched, candidate: hop.proxy, reason: ""))
            }
            steps += Simulation.steps(of: hop)
        }
        if let response = trace.response {
            status = response.status ?? 0
            flags = response.flags
            details = response.details
            self.response = Simulation.statusLine(response.status) + response.headers.map { "\($0.name): \($0.value)" }
        }
        if let error = trace.error { details = details.isEmpty ? error.rawValue : details }
        let hop = trace.hops.last
        shares = (hop?.candidates ?? []).map {
            Share(cluster: $0.cluster, endpoint: $0.host?.address ?? "", share: $0.share)
        }.sorted { $0.share > $1.share }
        if details == "via_upstream", let host = hop?.host {
            let workload = host.value.workload
            answeredBy = workload.map { $0.pod.isEmpty ? $0.deployment : $0.pod } ?? host.address
        } else if trace.response != nil {
            answeredBy = "the proxy itself"
        }
    }

    private static func statusLine(_ status: Int?) -> [String] {
        guard let status else { return [] }
        return ["HTTP/1.1 \(status) \(reason(status))".trimmedEnd]
    }

    private static func reason(_ status: Int) -> String {
        let names: [Int: String] = [
            200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
            303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
            400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
            418: "I'm a teapot", 426: "Upgrade Required", 429: "Too Many Requests", 500: "Internal Server Error",
            502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
        ]
        return names[status] ?? ""
    }

    /// The stages that were not reached are said to be so.
    private static func steps(of hop: TraceHop) -> [Step] {
        var steps = hop.steps.map { step in
            Step(
                stage: step.stage.rawValue, outcome: step.matched ? .matched : .missed, candidate: step.candidate,
                reason: step.reason, source: step.source)
        }
        let order: [TrafficEngine.Step.Stage] = [.listener, .filterChain, .virtualHost, .route, .cluster, .endpoint]
        let reached = Set(hop.steps.map(\.stage))
        guard let last = order.lastIndex(where: { reached.contains($0) }) else { return steps }
        let isAnswered = hop.steps.last { $0.stage == order[last] }?.matched == true && hop.host == nil
        for stage in order[(last + 1)...] {
            let words = isAnswered ? "not needed: the proxy answers" : "not reached"
            steps.append(Step(stage: stage.rawValue, outcome: .notReached, candidate: words, reason: ""))
        }
        return steps
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
