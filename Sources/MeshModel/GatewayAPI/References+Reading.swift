import Documents

extension ObjectReference {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        group = fields.string("group")
        kind = fields.string("kind")
        name = fields.string("name") ?? ""
        namespace = fields.string("namespace")
    }
}

extension ParentReference {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        group = fields.string("group")
        kind = fields.string("kind")
        namespace = fields.string("namespace")
        name = fields.string("name") ?? ""
        sectionName = fields.string("sectionName")
        port = fields.port("port")
    }
}

extension BackendReference {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        group = fields.string("group")
        kind = fields.string("kind")
        name = fields.string("name") ?? ""
        namespace = fields.string("namespace")
        port = fields.port("port")
        weight = fields.natural("weight")
        filters = fields.list("filters", of: "RouteFilter") { RouteFilter(&$0) }
    }
}

extension PolicyTargetReference {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        group = fields.string("group") ?? ""
        kind = fields.string("kind") ?? ""
        name = fields.string("name") ?? ""
        sectionName = fields.string("sectionName")
    }
}

extension SessionPersistence {
    init(_ fields: inout FieldReader) {
        self.init()
        sessionName = fields.string("sessionName") ?? ""
        type = fields.string("type")
        absoluteTimeout = fields.duration("absoluteTimeout")
        idleTimeout = fields.duration("idleTimeout")
        cookieLifetimeType =
            fields.object("cookieConfig", of: "CookieConfig") { $0.string("lifetimeType") } ?? nil
    }
}

extension FieldReader {
    mutating func objectReference(_ name: String) -> ObjectReference? {
        object(name, of: "ObjectReference") { ObjectReference(&$0) }
    }

    mutating func parentRefs() -> [ParentReference] {
        list("parentRefs", of: "ParentReference") { ParentReference(&$0) }
    }

    mutating func backendRefs() -> [BackendReference] {
        list("backendRefs", of: "BackendRef") { BackendReference(&$0) }
    }

    mutating func valueMatches(_ name: String, of type: String) -> [ValueMatch] {
        list(name, of: type) { fields in
            var match = ValueMatch()
            match.location = fields.node.location
            match.type = fields.enumeration("type") ?? .exact
            match.name = fields.string("name") ?? ""
            match.value = fields.string("value") ?? ""
            return match
        }
    }
}
