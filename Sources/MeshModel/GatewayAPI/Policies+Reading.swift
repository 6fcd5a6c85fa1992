import Documents

extension ReferenceGrant {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var grant = ReferenceGrant(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("ReferenceGrantSpec") { fields in
            grant.from = fields.list("from", of: "ReferenceGrantFrom") { fields in
                var from = From()
                from.group = fields.string("group") ?? ""
                from.kind = fields.string("kind") ?? ""
                from.namespace = fields.string("namespace") ?? ""
                return from
            }
            grant.to = fields.list("to", of: "ReferenceGrantTo") { fields in
                var to = To()
                to.group = fields.string("group") ?? ""
                to.kind = fields.string("kind") ?? ""
                to.name = fields.string("name")
                return to
            }
        }
        object.finish()
        return grant
    }
}

extension BackendTLSPolicy {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var policy = BackendTLSPolicy(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("BackendTLSPolicySpec") { fields in
            policy.targetRefs = fields.list("targetRefs", of: "PolicyTargetReference") { PolicyTargetReference(&$0) }
            policy.options = fields.stringMap("options")
            _ = fields.object("validation", of: "BackendTLSPolicyValidation") { fields in
                policy.caCertificateRefs = fields.list("caCertificateRefs", of: "ObjectReference") {
                    ObjectReference(&$0)
                }
                policy.wellKnownCACertificates = fields.string("wellKnownCACertificates")
                policy.hostname = fields.string("hostname") ?? ""
                policy.subjectAltNames = fields.list("subjectAltNames", of: "SubjectAltName") { fields in
                    var name = SubjectAltName()
                    name.type = fields.string("type") ?? ""
                    name.hostname = fields.string("hostname") ?? ""
                    name.uri = fields.string("uri") ?? ""
                    return name
                }
            }
        }
        object.finish()
        return policy
    }
}

extension XBackendTrafficPolicy {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var policy = XBackendTrafficPolicy(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("BackendTrafficPolicySpec") { fields in
            policy.targetRefs = fields.list("targetRefs", of: "PolicyTargetReference") { PolicyTargetReference(&$0) }
            policy.retryConstraint = fields.object("retryConstraint", of: "RetryConstraint") { fields in
                var constraint = RetryConstraint()
                _ = fields.object("budget", of: "BudgetDetails") { fields in
                    constraint.budgetPercent = fields.natural("percent")
                    constraint.budgetInterval = fields.duration("interval")
                }
                _ = fields.object("minRetryRate", of: "RequestRate") { fields in
                    constraint.minRetryCount = fields.natural("count")
                    constraint.minRetryInterval = fields.duration("interval")
                }
                return constraint
            }
            policy.sessionPersistence = fields.object("sessionPersistence", of: "SessionPersistence") {
                SessionPersistence(&$0)
            }
        }
        object.finish()
        return policy
    }
}
