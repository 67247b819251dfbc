// Tagged values <-> c10::IValue, by any type that TorchScript has (see convert.h). What JavaScript has no value for
// (objects of script classes, enums, futures) is passed as an opaque object that can be passed back.
#include "core/convert.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>
#include <ATen/core/enum_type.h>
#include <ATen/core/jit_type.h>

#include "core/owned_external.h"
#include "core/random.h"
#include "core/type_tags.h"

namespace torch_node {
namespace {

using c10::IValue;
using c10::TypeKind;
using c10::TypePtr;

// Values without a declared type nest as deep as the caller likes; a type never does.
constexpr int kDeepest = 100;

struct Tagged {
  Kind kind;
  napi_value payload;
};

napi_value element_of(napi_env env, napi_value array, uint32_t i) {
  napi_value element = nullptr;
  TORCH_CHECK_TYPE(napi_get_element(env, array, i, &element) == napi_ok, "expected a tagged value");
  return element;
}

uint32_t length_of(napi_env env, napi_value array) {
  uint32_t length = 0;
  TORCH_CHECK_TYPE(napi_get_array_length(env, array, &length) == napi_ok, "expected an array");
  return length;
}

Tagged open(napi_env env, napi_value tagged) {
  return {static_cast<Kind>(to_int64(env, element_of(env, tagged, 0))), element_of(env, tagged, 1)};
}

/// Of what has no kind of its own, the payload is the name.
std::string name_of(napi_env env, const Tagged& value) {
  return value.kind == Kind::kOther ? to_string(env, value.payload) : kind_name(value.kind);
}

/// The type that a number or text has when no other one is asked for.
std::optional<TypeKind> natural_type(Kind kind) {
  switch (kind) {
    case Kind::kTensor:
      return TypeKind::TensorType;
    case Kind::kInt:
    case Kind::kBigint:
      return TypeKind::IntType;
    case Kind::kFloat:
      return TypeKind::FloatType;
    case Kind::kBool:
      return TypeKind::BoolType;
    case Kind::kComplex:
      return TypeKind::ComplexType;
    case Kind::kString:
      return TypeKind::StringType;
    case Kind::kNone:
      return TypeKind::NoneType;
    default:
      return std::nullopt;
  }
}

class Reader {
 public:
  Reader(napi_env env, const TensorTable& tensors) : env_(env), tensors_(tensors) {}

  IValue read(napi_value tagged, const TypePtr& type) {
    const Tagged value = open(env_, tagged);
    switch (type->kind()) {
      case TypeKind::TensorType:
        if (value.kind == Kind::kTensor) return convert(value, Conversion::kTensor);
        break;
      case TypeKind::IntType:
      case TypeKind::SymIntType:
        return read_int(value, type);
      case TypeKind::FloatType:
        if (is_real(value.kind)) return to_scalar_of(value).toDouble();
        if (value.kind == Kind::kTensor) return convert(value, Conversion::kTensorToFloat);
        break;
      case TypeKind::ComplexType:
        if (is_real(value.kind) || value.kind == Kind::kComplex) return to_scalar_of(value).toComplexDouble();
        break;
      case TypeKind::NumberType:
        if (is_real(value.kind) || value.kind == Kind::kComplex) return to_scalar_of(value);
        if (value.kind == Kind::kTensor) return convert(value, Conversion::kTensorToScalar);
        break;
      case TypeKind::BoolType:
        if (value.kind == Kind::kBool) return convert(value, Conversion::kBool);
        break;
      case TypeKind::StringType:
        if (value.kind == Kind::kString) return to_string(env_, value.payload);
        break;
      case TypeKind::DeviceObjType:
        if (value.kind == Kind::kDevice || value.kind == Kind::kString) return convert(value, Conversion::kDevice);
        break;
      case TypeKind::ScalarTypeType:
        if (value.kind == Kind::kDtype) return convert(value, Conversion::kInt);
        break;
      case TypeKind::LayoutType:
        if (value.kind == Kind::kLayout) return convert(value, Conversion::kInt);
        break;
      case TypeKind::MemoryFormatType:
        if (value.kind == Kind::kMemoryFormat) return convert(value, Conversion::kInt);
        break;
      case TypeKind::GeneratorType:
        if (value.kind == Kind::kGenerator) return convert(value, Conversion::kGenerator);
        break;
      case TypeKind::NoneType:
        if (value.kind == Kind::kNone) return {};
        break;
      case TypeKind::OptionalType:
        if (value.kind == Kind::kNone) return {};
        return read_optional(tagged, value, type);
      case TypeKind::ListType:
        if (value.kind == Kind::kList) return read_list(value, type->castRaw<c10::ListType>()->getElementType());
        break;
      case TypeKind::TupleType:
        return read_tuple(value, type);
      case TypeKind::DictType:
        if (value.kind == Kind::kDict) return read_dict(value, *type->castRaw<c10::DictType>());
        break;
      case TypeKind::UnionType:
        return read_union(tagged, value, type);
      case TypeKind::AnyType:
        return infer(tagged);
      default:
        break;
    }
    if (value.kind == Kind::kScriptObject) return read_object(value, type);
    mismatch(value, type);
  }

 private:
  static bool is_real(Kind kind) {
    return kind == Kind::kInt || kind == Kind::kBigint || kind == Kind::kFloat || kind == Kind::kBool;
  }

  [[noreturn]] void mismatch(const Tagged& value, const TypePtr& type) const {
    throw ValueMismatch(type->repr_str(), name_of(env_, value));
  }

  IValue convert(const Tagged& value, Conversion conversion) {
    return to_ivalue(env_, value.payload, conversion, 0, tensors_);
  }

  at::Scalar to_scalar_of(const Tagged& value) { return convert(value, Conversion::kScalar).toScalar(); }

  /// Reads a part of a value; a mismatch in it says where it is.
  template <typename Where>
  IValue read_part(napi_value tagged, const TypePtr& type, Where where) {
    try {
      return read(tagged, type);
    } catch (ValueMismatch& error) {
      error.path = where() + error.path;
      throw;
    }
  }

  IValue read_int(const Tagged& value, const TypePtr& type) {
    switch (value.kind) {
      case Kind::kInt:
      case Kind::kBigint:
      // A dtype, a layout or a memory format is an int to a script.
      case Kind::kDtype:
      case Kind::kLayout:
      case Kind::kMemoryFormat:
        return convert(value, Conversion::kInt);
      case Kind::kBool:
        return convert(value, Conversion::kBool).toBool() ? int64_t{1} : int64_t{0};
      case Kind::kTensor:
        return convert(value, Conversion::kTensorToInt);
      default:
        mismatch(value, type);
    }
  }

  IValue read_optional(napi_value tagged, const Tagged& value, const TypePtr& type) {
    try {
      return read(tagged, type->castRaw<c10::OptionalType>()->getElementType());
    } catch (const ValueMismatch& error) {
      if (error.path.empty()) mismatch(value, type);
      throw;
    }
  }

  IValue read_list(const Tagged& value, const TypePtr& element) {
    c10::impl::GenericList list(element);
    const uint32_t length = length_of(env_, value.payload);
    list.reserve(length);
    for (uint32_t i = 0; i < length; ++i) {
      list.push_back(read_part(element_of(env_, value.payload, i), element, [&] { return c10::str('[', i, ']'); }));
    }
    return list;
  }

  IValue read_tuple(const Tagged& value, const TypePtr& type) {
    const auto tuple = type->expect<c10::TupleType>();
    const auto elements = tuple->elements();
    std::vector<IValue> values;
    if (value.kind == Kind::kDict && tuple->schema()) {
      for (size_t i = 0; i < elements.size(); ++i) {
        const std::string& name = tuple->schema()->arguments()[i].name();
        const napi_value found = find(value, name);
        if (found == nullptr) mismatch(value, type);
        values.push_back(read_part(found, elements[i], [&] { return '.' + name; }));
      }
      if (length_of(env_, value.payload) != 2 * elements.size()) mismatch(value, type);
    } else {
      if (value.kind != Kind::kList || length_of(env_, value.payload) != elements.size()) mismatch(value, type);
      for (uint32_t i = 0; i < elements.size(); ++i) {
        values.push_back(
            read_part(element_of(env_, value.payload, i), elements[i], [&] { return c10::str('[', i, ']'); }));
      }
    }
    return tuple->schema() ? c10::ivalue::Tuple::createNamed(std::move(values), tuple)
                           : c10::ivalue::Tuple::create(std::move(values));
  }

  /// The value under a text in a dict, or nullptr.
  napi_value find(const Tagged& dict, const std::string& name) {
    for (uint32_t i = 0; i < length_of(env_, dict.payload); i += 2) {
      const Tagged key = open(env_, element_of(env_, dict.payload, i));
      if (key.kind == Kind::kString && to_string(env_, key.payload) == name) {
        return element_of(env_, dict.payload, i + 1);
      }
    }
    return nullptr;
  }

  IValue read_key(napi_value tagged, const TypePtr& type) {
    const Tagged key = open(env_, tagged);
    // The keys of a JavaScript object are always texts.
    if (type->kind() == TypeKind::IntType && key.kind == Kind::kString) {
      const std::string text = to_string(env_, key.payload);
      int64_t number = 0;
      const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
      if (end.ec == std::errc() && end.ptr == text.data() + text.size()) return number;
    }
    return read_part(tagged, type, [] { return std::string(" (a key)"); });
  }

  IValue read_dict(const Tagged& value, const c10::DictType& type) {
    c10::impl::GenericDict dict(type.getKeyType(), type.getValueType());
    for (uint32_t i = 0; i < length_of(env_, value.payload); i += 2) {
      const IValue key = read_key(element_of(env_, value.payload, i), type.getKeyType());
      dict.insert_or_assign(key, read_part(element_of(env_, value.payload, i + 1), type.getValueType(),
                                           [&] { return c10::str('[', key, ']'); }));
    }
    return dict;
  }

  IValue read_union(napi_value tagged, const Tagged& value, const TypePtr& type) {
    std::vector<TypePtr> members = type->containedTypes().vec();
    const auto natural = natural_type(value.kind);
    std::stable_partition(members.begin(), members.end(),
                          [&](const TypePtr& member) { return natural && member->kind() == *natural; });
    for (const TypePtr& member : members) {
      try {
        return read(tagged, member);
      } catch (const ValueMismatch&) {
        continue;
      }
    }
    mismatch(value, type);
  }

  IValue read_object(const Tagged& value, const TypePtr& type) {
    const IValue& object = from_external<IValue>(env_, value.payload, kScriptObjectTag, "a ScriptObject");
    if (!object.type()->isSubtypeOf(*type)) throw ValueMismatch(type->repr_str(), object.type()->repr_str());
    return object;
  }

  /// A value for Any: as Python would see it.
  IValue infer(napi_value tagged) {
    const Tagged value = open(env_, tagged);
    if (++depth_ > kDeepest) throw ValueMismatch("Any", c10::str("a value nested deeper than ", kDeepest));
    IValue result;
    switch (value.kind) {
      case Kind::kNone:
        break;
      case Kind::kTensor:
        result = convert(value, Conversion::kTensor);
        break;
      case Kind::kFloat:
        result = convert(value, Conversion::kFloat);
        break;
      case Kind::kBool:
        result = convert(value, Conversion::kBool);
        break;
      case Kind::kComplex:
        result = to_scalar_of(value).toComplexDouble();
        break;
      case Kind::kString:
        result = to_string(env_, value.payload);
        break;
      case Kind::kDevice:
        result = convert(value, Conversion::kDevice);
        break;
      case Kind::kGenerator:
        result = convert(value, Conversion::kGenerator);
        break;
      case Kind::kInt:
      case Kind::kBigint:
      case Kind::kDtype:
      case Kind::kLayout:
      case Kind::kMemoryFormat:
        result = convert(value, Conversion::kInt);
        break;
      case Kind::kScriptObject:
        result = read_object(value, c10::AnyType::get());
        break;
      case Kind::kList:
        result = infer_list(value);
        break;
      case Kind::kDict:
        result = infer_dict(value);
        break;
      default:
        mismatch(value, c10::AnyType::get());
    }
    --depth_;
    return result;
  }

  static TypePtr common_type(const std::vector<TypePtr>& types) {
    if (types.empty()) return c10::TensorType::get();
    std::ostringstream why_not;
    return c10::unifyTypeList(types, why_not).value_or(c10::AnyType::get());
  }

  IValue infer_list(const Tagged& value) {
    std::vector<IValue> elements;
    std::vector<TypePtr> types;
    for (uint32_t i = 0; i < length_of(env_, value.payload); ++i) {
      elements.push_back(infer(element_of(env_, value.payload, i)));
      types.push_back(elements.back().type());
    }
    c10::impl::GenericList list(common_type(types));
    for (IValue& element : elements) list.push_back(std::move(element));
    return list;
  }

  IValue infer_dict(const Tagged& value) {
    std::vector<IValue> parts;
    std::vector<TypePtr> types[2];
    for (uint32_t i = 0; i < length_of(env_, value.payload); ++i) {
      parts.push_back(infer(element_of(env_, value.payload, i)));
      types[i % 2].push_back(parts.back().type());
    }
    const TypePtr key_type = types[0].empty() ? TypePtr(c10::StringType::get()) : common_type(types[0]);
    if (key_type->kind() == TypeKind::AnyType) throw ValueMismatch("Any", "dict whose keys are of several types");
    c10::impl::GenericDict dict(key_type, common_type(types[1]));
    for (size_t i = 0; i < parts.size(); i += 2) dict.insert_or_assign(std::move(parts[i]), std::move(parts[i + 1]));
    return dict;
  }

  napi_env env_;
  const TensorTable& tensors_;
  int depth_ = 0;
};

class Writer {
 public:
  Writer(napi_env env, TensorTable& tensors) : env_(env), tensors_(tensors) {}

  napi_value write(const IValue& value) {
    if (value.isTensor()) return tag(Kind::kTensor, to_js(env_, value, tensors_));
    if (value.isNone()) return tag(Kind::kNone, to_js(env_, value, tensors_));
    if (value.isInt()) return tag(Kind::kInt, to_js(env_, value, tensors_));
    if (value.isDouble()) return tag(Kind::kFloat, to_js(env_, value, tensors_));
    if (value.isBool()) return tag(Kind::kBool, to_js(env_, value, tensors_));
    if (value.isComplexDouble()) return tag(Kind::kComplex, to_js(env_, value, tensors_));
    if (value.isString()) return tag(Kind::kString, to_js(env_, value, tensors_));
    if (value.isDevice()) return tag(Kind::kDevice, to_js(env_, value, tensors_));
    if (value.isGenerator()) return tag(Kind::kGenerator, to_js(env_, value, tensors_));
    if (value.isList()) return tag(Kind::kList, write_all(value.toListRef()));
    if (value.isTuple()) return write_tuple(value.toTupleRef());
    if (value.isGenericDict()) return write_dict(value);
    return write_object(value);
  }

 private:
  napi_value tag(Kind kind, napi_value payload) {
    napi_value pair;
    napi_create_array_with_length(env_, 2, &pair);
    napi_set_element(env_, pair, 0, from_int64(env_, static_cast<int64_t>(kind)));
    napi_set_element(env_, pair, 1, payload);
    return pair;
  }

  napi_value write_all(c10::ArrayRef<IValue> values) {
    napi_value array;
    napi_create_array_with_length(env_, values.size(), &array);
    for (size_t i = 0; i < values.size(); ++i) napi_set_element(env_, array, i, write(values[i]));
    return array;
  }

  /// A named tuple has a third element: its name, then those of its fields.
  napi_value write_tuple(const c10::ivalue::Tuple& tuple) {
    const napi_value tagged = tag(Kind::kTuple, write_all(tuple.elements()));
    const auto type = tuple.type<c10::TupleType>();
    if (!type->schema()) return tagged;
    napi_value names;
    napi_create_array(env_, &names);
    napi_set_element(env_, names, 0, from_string(env_, type->name() ? type->name()->name() : "NamedTuple"));
    for (size_t i = 0; i < type->schema()->arguments().size(); ++i) {
      napi_set_element(env_, names, i + 1, from_string(env_, type->schema()->arguments()[i].name()));
    }
    napi_set_element(env_, tagged, 2, names);
    return tagged;
  }

  /// A dict has a third element: whether all keys are texts.
  napi_value write_dict(const IValue& value) {
    napi_value parts;
    napi_create_array(env_, &parts);
    uint32_t count = 0;
    for (const auto& entry : value.toGenericDict()) {
      napi_set_element(env_, parts, count++, write(entry.key()));
      napi_set_element(env_, parts, count++, write(entry.value()));
    }
    const napi_value tagged = tag(Kind::kDict, parts);
    napi_value by_text = nullptr;
    napi_get_boolean(env_, value.toGenericDict().keyType()->kind() == TypeKind::StringType, &by_text);
    napi_set_element(env_, tagged, 2, by_text);
    return tagged;
  }

  /// An opaque object, with what it is as a third element.
  napi_value write_object(const IValue& value) {
    const napi_value tagged = tag(Kind::kScriptObject, own_as_external(env_, IValue(value), kScriptObjectTag));
    const std::string what = value.isEnum() ? value.type()->expectRef<c10::EnumType>().qualifiedClassName().name() +
                                                  '.' + value.toEnumHolder()->name()
                                            : value.type()->repr_str();
    napi_set_element(env_, tagged, 2, from_string(env_, what));
    return tagged;
  }

  napi_env env_;
  TensorTable& tensors_;
};

}  // namespace

IValue tagged_to_ivalue(napi_env env, napi_value tagged, const TypePtr& type, const TensorTable& tensors) {
  return Reader(env, tensors).read(tagged, type);
}

std::string tagged_name(napi_env env, napi_value tagged) { return name_of(env, open(env, tagged)); }

napi_value to_tagged(napi_env env, const IValue& value, TensorTable& tensors) {
  const TensorTable::InFlight in_flight(tensors);
  return Writer(env, tensors).write(value);
}

}  // namespace torch_node
