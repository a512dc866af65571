using System.Collections;
using System.Globalization;
using System.Reflection;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// Makes a value of any message type with nothing left at its default, and tells values apart by all they hold.
/// </summary>
internal static class Samples
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 9, 30, 15, 250, TimeSpan.FromHours(8));
    private static readonly DateOnly Day = new(2026, 2, 28);

    /// <summary>What reflection cannot make up: values with rules of their own.</summary>
    private static readonly Dictionary<Type, object> Known = new()
    {
        [typeof(string)] = "text",
        [typeof(bool?)] = true,
        [typeof(DateTimeOffset)] = At,
        [typeof(DateOnly)] = Day,
        [typeof(UInt128)] = UInt128.MaxValue - 7,
        [typeof(byte[])] = new byte[] { 1, 2, 3 },
        [typeof(PhoneNumber)] = PhoneNumber.Parse("+8613812345678"),
        [typeof(EquatableList<string>)] = new EquatableList<string>(["checks:run", "bindings:read"]),
    };

    public static object Of(Type type, ParameterInfo? except = null, object? exceptional = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Of(underlying);
        if (Known.TryGetValue(type, out object? known)) return known;
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsPrimitive) return Convert.ChangeType(3, type, CultureInfo.InvariantCulture);
        if (type.IsArray)
        {
            Array array = Array.CreateInstance(type.GetElementType()!, 2);
            for (int i = 0; i < array.Length; i++) array.SetValue(Of(type.GetElementType()!), i);
            return array;
        }

        return ConstructorOf(type).Invoke(
            [.. ConstructorOf(type).GetParameters().Select(
                parameter => parameter.Equals(except) ? exceptional : Of(parameter.ParameterType))]);
    }

    /// <summary>The sample; each enum in it with each of its values; each optional part missing.</summary>
    public static IEnumerable<object> VariantsOf(Type type)
    {
        yield return Of(type);
        if (Known.ContainsKey(type) || type.IsPrimitive || type.IsArray || type.IsEnum) yield break;
        foreach (ParameterInfo parameter in ConstructorOf(type).GetParameters())
        {
            Type inner = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            if (inner.IsEnum)
            {
                foreach (object value in Enum.GetValues(inner)) yield return Of(type, parameter, value);
            }

            bool optional = inner != parameter.ParameterType
                || new NullabilityInfoContext().Create(parameter).WriteState is NullabilityState.Nullable;
            if (optional) yield return Of(type, parameter, null);
        }
    }

    /// <summary>Everything that a value holds, as text; instants with their offsets, lists item by item.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "null",
        string or Enum or UInt128 => $"{value}",
        PhoneNumber number => number.ToE164(),
        DateTimeOffset instant => instant.ToString("o", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("o", CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Describe))}]",
        _ when value.GetType().IsPrimitive => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        _ => $"{value.GetType().Name} {{ {string.Join(", ", PropertiesOf(value).Select(
            property => $"{property.Name} = {Describe(property.GetValue(value))}"))} }}",
    };

    private static IEnumerable<PropertyInfo> PropertiesOf(object value) => value.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0);

    private static ConstructorInfo ConstructorOf(Type type) =>
        type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)
        ?? throw new InvalidOperationException($"No sample for {type}: give one by hand.");
}
