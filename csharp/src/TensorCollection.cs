using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Lite
{
    /// <summary>A network's inputs or outputs, in the model's order and by name.</summary>
    public sealed class TensorCollection : IReadOnlyList<Tensor>
    {
        private readonly Tensor[] _tensors;
        private readonly string _side;
        private readonly Dictionary<string, Tensor> _byName = new Dictionary<string, Tensor>(StringComparer.Ordinal);

        internal TensorCollection(Tensor[] tensors, string side)
        {
            _tensors = tensors;
            _side = side;
            foreach (Tensor tensor in tensors)
            {
                _byName[tensor.Name] = tensor;
            }
        }

        /// <summary>How many there are.</summary>
        public int Count
        {
            get { return _tensors.Length; }
        }

        /// <summary>One of them.</summary>
        /// <param name="index">In the model's order, from 0.</param>
        /// <returns>The tensor, which is the network's.</returns>
        public Tensor this[int index]
        {
            get { return _tensors[index]; }
        }

        /// <summary>One of them.</summary>
        /// <param name="name">Its name.</param>
        /// <returns>The tensor, which is the network's.</returns>
        /// <exception cref="LiteException">There is none of that name.</exception>
        public Tensor this[string name]
        {
            get
            {
                if (TryGet(name, out Tensor tensor))
                {
                    return tensor;
                }

                throw new LiteException(
                    ErrorCode.NotFound,
                    "there is no " + _side + " '" + name + "'; there are: " + string.Join(", ", _byName.Keys),
                    "LITE_NOT_FOUND");
            }
        }

        /// <summary>Looks one up.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="tensor">The tensor, or null.</param>
        /// <returns>Whether there is one of that name.</returns>
        public bool TryGet(string name, [MaybeNull] out Tensor tensor)
        {
            return _byName.TryGetValue(name, out tensor);
        }

        /// <summary>Goes through them.</summary>
        /// <returns>In the model's order.</returns>
        public IEnumerator<Tensor> GetEnumerator()
        {
            return ((IEnumerable<Tensor>)_tensors).GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator()
        {
            return _tensors.GetEnumerator();
        }
    }
}
