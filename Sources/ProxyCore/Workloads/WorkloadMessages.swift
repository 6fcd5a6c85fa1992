/// A request as a workload inside meshtop gets it.
package struct WorkloadRequest: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        /// In lower case, as the proxy sends names.
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var method = "GET"
    /// With its query.
    package var path = "/"
    package var authority = ""
    /// Without `host`.
    package var headers: [Field] = []
    package var body: [UInt8] = []

    package init() {}

    func value(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// What a workload answers.
package struct WorkloadResponse: Hashable, Sendable {
    package var status = 200
    /// Without content-length, which the workload's server adds.
    package var headers: [WorkloadRequest.Field] = []
    package var body: [UInt8] = []
    /// The workload takes this long.
    package var delay = Duration.zero

    package init(_ status: Int = 200) { self.status = status }
}
