/// Who answers for an endpoint address in `--echo` and `--httpbin`.
package struct WorkloadIdentity: Hashable, Sendable {
    package var namespace: String
    package var deployment: String
    package var pod: String

    package init(namespace: String = "", deployment: String = "", pod: String = "") {
        self.namespace = namespace
        self.deployment = deployment
        self.pod = pod
    }
}
