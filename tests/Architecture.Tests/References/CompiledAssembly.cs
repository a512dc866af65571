using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NumberLedger.Architecture.References;

/// <summary>What a compiled assembly uses of others, read from its metadata without loading it.</summary>
internal sealed record CompiledAssembly(
    string Name, IReadOnlyList<string> Assemblies, IReadOnlyList<string> Types, IReadOnlyList<string> Members)
{
    /// <summary>Reads one that lies beside the tests.</summary>
    public static CompiledAssembly Read(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        using var file = new PEReader(stream);
        MetadataReader metadata = file.GetMetadataReader();

        return new CompiledAssembly(
            name,
            [.. metadata.AssemblyReferences.Select(handle => NameOf(metadata, handle))],
            [.. metadata.TypeReferences.Select(handle => NameOf(metadata, handle))],
            [.. metadata.MemberReferences.Select(handle => NameOf(metadata, handle)).OfType<string>()]);
    }

    private static string NameOf(MetadataReader metadata, AssemblyReferenceHandle handle) =>
        metadata.GetString(metadata.GetAssemblyReference(handle).Name);

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private static string? NameOf(MetadataReader metadata, MemberReferenceHandle handle)
    {
        MemberReference member = metadata.GetMemberReference(handle);
        return member.Parent.Kind == HandleKind.TypeReference
            ? $"{NameOf(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}"
            : null;
    }
}
