import Documents

extension PodSpec {
    init(_ fields: inout FieldReader) {
        self.init()
        containers = fields.list("containers", of: "Container") { Container(&$0) }
        initContainers = fields.list("initContainers", of: "Container") { Container(&$0) }
        serviceAccountName = fields.string("serviceAccountName") ?? fields.string("serviceAccount") ?? ""
        nodeName = fields.string("nodeName")
        hostname = fields.string("hostname")
        subdomain = fields.string("subdomain")
        hostNetwork = fields.bool("hostNetwork") ?? false
        // The rest of a Pod's many fields has no part in routing.
        fields.ignoreOthers()
    }
}

extension PodSpec.Container {
    init(_ fields: inout FieldReader) {
        self.init()
        name = fields.string("name") ?? ""
        image = fields.string("image") ?? ""
        command = fields.strings("command")
        args = fields.strings("args")
        ports = fields.list("ports", of: "ContainerPort") { fields in
            var port = PodSpec.ContainerPort()
            port.name = fields.string("name") ?? ""
            port.containerPort = fields.port("containerPort") ?? 0
            port.protocol = fields.string("protocol") ?? "TCP"
            fields.ignore("hostPort", "hostIP")
            return port
        }
        environment = fields.list("env", of: "EnvVar") { fields in
            var variable = PodSpec.EnvironmentVariable()
            variable.name = fields.string("name") ?? ""
            variable.value = fields.string("value") ?? ""
            fields.ignoreOthers()
            return variable
        }
        restartPolicy = fields.string("restartPolicy")
        readinessProbe = fields.node("readinessProbe").map { PodSpec.Probe($0) }
        fields.ignoreOthers()
    }
}

extension PodSpec.Probe {
    init(_ node: Node) {
        self.init()
        location = node.keyLocation
        if let http = node["httpGet"] {
            kind = .http
            path = http["path"]?.string ?? "/"
            scheme = http["scheme"]?.string ?? "HTTP"
            port = http["port"].flatMap(PortReference.init)
        } else if let tcp = node["tcpSocket"] {
            kind = .tcp
            port = tcp["port"].flatMap(PortReference.init)
        } else if let grpc = node["grpc"] {
            kind = .grpc
            port = grpc["port"].flatMap(PortReference.init)
        }
    }
}

extension PortReference {
    fileprivate init?(_ node: Node) {
        if let number = node.int, !node.scalarIsQuoted {
            guard (0...65535).contains(number) else { return nil }
            self = .number(Int(number))
        } else if let name = node.string {
            self = .name(name)
        } else {
            return nil
        }
    }
}

extension Pod {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var pod = Pod(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("PodSpec") { pod.spec = PodSpec(&$0) }
        object.status { fields in
            pod.phase = fields.enumeration("phase")
            pod.hostIP = fields.string("hostIP")
            let first = fields.string("podIP")
            let others = fields.list("podIPs").compactMap { $0["ip"]?.string }
            pod.ips = [first].compactMap { $0 } + others.filter { $0 != first }
            for condition in fields.list("conditions") where condition["type"]?.isText("Ready") == true {
                pod.isReady = condition["status"]?.text == "True"
            }
        }
        object.finish()
        return pod
    }
}

extension Workload {
    static func read(
        _ kind: Kind
    ) -> @Sendable (_ node: Node, _ meta: ObjectMeta, _ sink: DiagnosticSink) -> (any MeshObject)? {
        { node, meta, sink in
            var workload = Workload(kind: kind, meta: meta)
            var object = ObjectReader(node, kind: kind.rawValue, sink: sink)
            object.spec("\(kind.rawValue)Spec") { fields in
                workload.replicas = fields.natural("replicas")
                workload.selector = fields.labelSelector("selector")
                workload.serviceName = fields.string("serviceName") ?? ""
                if let template = fields.node("template") {
                    var reader = FieldReader(template, type: "PodTemplateSpec", sink: sink)
                    _ = reader.object("metadata", of: "ObjectMeta") { fields in
                        workload.templateLabels = fields.stringMap("labels")
                        workload.templateAnnotations = fields.stringMap("annotations")
                        fields.ignoreOthers()
                    }
                    workload.template = reader.object("spec", of: "PodSpec") { PodSpec(&$0) } ?? PodSpec()
                    reader.finish()
                }
                fields.ignoreOthers()
            }
            object.finish()
            return workload
        }
    }
}
