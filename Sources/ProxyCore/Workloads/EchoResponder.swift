package import EnvoyModel
import Documents

/// What the workloads of `--echo` and `--httpbin` answer: a function of the request, for the proxy and for predictions alike.
package struct WorkloadResponder: Sendable {
    package var kind: Workload.Kind
    package var identity: WorkloadReference?
    /// `ip:port` of the endpoint.
    package var endpoint: String

    package init(kind: Workload.Kind, identity: WorkloadReference?, endpoint: String) {
        self.kind = kind
        self.identity = identity
        self.endpoint = endpoint
    }

    package func respond(to request: WorkloadRequest) -> WorkloadResponse {
        if kind == .httpbin, let response = HTTPBin.respond(to: request) { return response }
        return echo(request)
    }

    /// The contract's JSON about the request received.
    private func echo(_ request: WorkloadRequest) -> WorkloadResponse {
        var object = JSONObject()
        object.add("method", .string(request.method))
        object.add("path", .string(request.path))
        object.add("host", .string(request.authority))
        object.add("headers", .array(request.headers.map { .array([.string($0.name), .string($0.value)]) }))
        object.add("body", .string(String(decoding: request.body, as: UTF8.self)))
        object.add("namespace", .string(identity?.namespace ?? ""))
        object.add("deployment", .string(identity?.deployment ?? ""))
        object.add("pod", .string(identity?.pod ?? ""))
        object.add("endpoint", .string(endpoint))
        var response = WorkloadResponse()
        response.headers = [.init("content-type", "application/json")]
        response.body = Array((JSON.object(object).text(indent: 2) + "\n").utf8)
        return response
    }
}
