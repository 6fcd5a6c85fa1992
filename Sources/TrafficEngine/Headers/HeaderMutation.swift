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

    /// Changes a request. All values are evaluated, and presence is looked at, before anything of this level is written; what overwrites
    /// is written first.
    func apply(
        to request: inout RequestHead, _ view: RequestView, _ decision: borrowing Decision,
        _ connection: DownstreamConnection
    ) {
        for name in removals { request.block.remove(name) }
        let none = HeaderBlock()
        let first = request.block.fields.count
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
            request.block.plan(addition, value: request.block.since(start))
        }
        carryOut(&request.block, from: first)
    }

    /// Changes a response, in the same way.
    func apply(
        to response: inout ResponseHead, request: borrowing RequestHead, _ view: RequestView,
        _ decision: borrowing Decision, _ connection: DownstreamConnection, _ context: FormatContext
    ) {
        for name in removals { response.block.remove(name) }
        let first = response.block.fields.count
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
            response.block.plan(addition, value: response.block.since(start))
        }
        carryOut(&response.block, from: first)
    }

    /// Writes what was planned: each addition has a field, still removed, without a name where nothing is to be done.
    private func carryOut(_ block: inout HeaderBlock, from first: Int) {
        var overwrites = false
        for index in additions.indices where !block.fields[first + index].name.isEmpty && additions[index].overwrites {
            overwrites = true
            block.remove(additions[index].name)
            block.fields[first + index].isRemoved = false
        }
        for index in additions.indices where !block.fields[first + index].name.isEmpty && !additions[index].overwrites {
            var field = block.fields[first + index]
            field.isRemoved = false
            if overwrites { block.fields.append(field) } else { block.fields[first + index] = field }
        }
    }
}

extension CompiledMutations.Addition {
    fileprivate var overwrites: Bool { action == .overwriteIfExistsOrAdd || action == .overwriteIfExists }
}

extension HeaderBlock {
    /// Puts a field at the end that is not live yet.
    fileprivate mutating func plan(_ addition: CompiledMutations.Addition, value: ByteRange) {
        let isPlanned: Bool
        switch addition.action {
        case .appendIfExistsOrAdd, .overwriteIfExistsOrAdd: isPlanned = true
        case .addIfAbsent: isPlanned = first(addition.name) == nil
        case .overwriteIfExists: isPlanned = first(addition.name) != nil
        }
        let name = isPlanned && (!value.isEmpty || addition.keepsEmpty) ? store(addition.name) : .empty
        var field = HeaderField(name: name, value: value, isOriginal: false)
        field.isRemoved = true
        fields.append(field)
    }
}
