import EnvoyModel

/// The header changes of one level made ready.
struct CompiledMutations: Sendable {
    struct Addition: Sendable {
        let name: [UInt8]
        let format: CompiledFormat
        let action: HeaderMutations.Addition.Action
        let keepsEmpty: Bool
    }

    let removals: [[UInt8]]
    let additions: [Addition]

    init(_ value: HeaderMutations, compiler: inout SnapshotCompiler) {
        removals = value.remove.map { Array($0, lowercased: true) }
        additions = value.add.compactMap { addition in
            let name = Array(addition.name, lowercased: true)
            if name.first == UInt8(ascii: ":") || name == Array("host".utf8) {
                compiler.report("header \"\(addition.name)\" cannot be added")
                return nil
            }
            return Addition(
                name: name, format: CompiledFormat(addition.value, compiler: &compiler), action: addition.action,
                keepsEmpty: addition.keepEmptyValue)
        }
    }

    var isEmpty: Bool { removals.isEmpty && additions.isEmpty }

    /// Changes a request.
    func apply(
        to request: inout RequestHead, _ view: RequestView, _ decision: borrowing Decision,
        _ connection: borrowing DownstreamConnection
    ) {
        for name in removals { request.block.remove(name) }
        let none = HeaderBlock()
        for addition in additions {
            let start = request.block.storage.count
            for part in addition.format.parts {
                switch part.piece(request, view, none, decision, connection, FormatContext()) {
                case .nothing, .response: break
                case .request(let range): request.block.storeCopy(range)
                case .bytes(let bytes): request.block.storage.append(contentsOf: bytes)
                case .text(let text): request.block.storage.append(contentsOf: text.utf8)
                case .number(let number): request.block.store(decimal: number)
                }
            }
            request.block.add(addition, value: request.block.since(start))
        }
    }

    /// Changes a response.
    func apply(
        to response: inout ResponseHead, request: borrowing RequestHead, _ view: RequestView,
        _ decision: borrowing Decision, _ connection: borrowing DownstreamConnection, _ context: FormatContext
    ) {
        for name in removals { response.block.remove(name) }
        for addition in additions {
            let start = response.block.storage.count
            for part in addition.format.parts {
                switch part.piece(request, view, response.block, decision, connection, context) {
                case .nothing: break
                case .request(let range): response.block.storage.append(contentsOf: request.block.storage[range.range])
                case .response(let range): response.block.storeCopy(range)
                case .bytes(let bytes): response.block.storage.append(contentsOf: bytes)
                case .text(let text): response.block.storage.append(contentsOf: text.utf8)
                case .number(let number): response.block.store(decimal: number)
                }
            }
            response.block.add(addition, value: response.block.since(start))
        }
    }
}

extension HeaderBlock {
    fileprivate mutating func add(_ addition: CompiledMutations.Addition, value: ByteRange) {
        if value.isEmpty, !addition.keepsEmpty { return }
        switch addition.action {
        case .appendIfExistsOrAdd: break
        case .addIfAbsent: if first(addition.name) != nil { return }
        case .overwriteIfExistsOrAdd: remove(addition.name)
        case .overwriteIfExists: if !remove(addition.name) { return }
        }
        let name = store(addition.name)
        fields.append(HeaderField(name: name, value: value, isOriginal: false))
    }
}
